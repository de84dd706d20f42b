"""The prompt that `chat NAME` or `predict NAME` opens: each line goes to the model, as it stands.

typed         what was typed: a text, or a command behind a slash
options       what `/set` sets, held against the declarations
lines         the command lines that are made of it
completer     what Tab offers
highlighting  colours
opening       makes the prompt itself
loop          reads, runs and shows until Ctrl-D
"""
