"""Subjects that are no command's own, for `help TOPIC`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A page on a subject.

    Attributes:
        name: as `help` takes it.
        summary: one line.
        lines: what is typed or pressed, and what it does.
        typed: whether the lines are of the language, and not keys, or arguments of the program.
    """

    name: str
    summary: str
    lines: tuple[tuple[str, str], ...]
    typed: bool = True


_TOPICS = (
    Topic(
        "start",
        "A way in, without a network",
        (
            ("base = load minilm", "the starter model"),
            (
                'predict base "a cat" --second "a kitten" --task sentence-similarity',
                "how much alike two texts are",
            ),
            ("mine = data rows.csv", "a table of yours: its columns' roles are found and said"),
            ("router = finetune base mine --epochs 3", "train a copy of the model on it"),
            ("ev = eval router mine.test", "measure it on rows that it never saw"),
            ("history save first.hfsh", "what you did so far, as a script"),
        ),
    ),
    Topic(
        "language",
        "How lines are written",
        (
            ("base = load minilm", "run a command, and name what it gives"),
            ("predict base 'two words'", "'…' means exactly what it holds"),
            ('echo "accuracy: ${ev.accuracy}"', 'in "…" references expand'),
            ("let lr = 2e-5", "name a plain value: $lr"),
            ("finetune base mine --learning-rate $lr", "one word stays one word, whatever it stands for"),
            ("echo ${env:HOME}", "a variable of the environment"),
            ("- unload old", "a leading - lets the line fail"),
            ("eval base mine.test > ev.jsonl", "write the result to a file; >> appends"),
            ("predict base <<END\na longer text\nEND", "a heredoc: text of many lines"),
            ("echo one \\\n  two", "a \\ at the end of a line continues it"),
            ("expect ev.accuracy >= 0.8", "stop here unless it holds"),
            ("echo done # a comment", "# begins a comment"),
        ),
    ),
    Topic(
        "names",
        "What a name may stand for, and what stands behind its dot",
        (
            ("models", "the models that are bound, and where they are"),
            ("tickets", "a name alone shows what it holds"),
            ("show tickets.test --rows 5", "a split of a data set"),
            ("show ev.accuracy", "a field of a result"),
            ("predict _ 'a text'", "_ is the last model used"),
            ("echo $_.accuracy", "and $_ the last result"),
            ("unload base", "forget a name, and give its memory back"),
        ),
    ),
    Topic(
        "output",
        "Where results go",
        (
            ("eval router mine.test > ev.jsonl", "to a file: .jsonl, .csv, .md or .html"),
            ("predict router 'a text' >> all.jsonl", "behind what the file holds"),
            ("set pager off", "long results scroll by; with on they open in $PAGER"),
            ("models | grep warm", "to a command of the system's shell; at the prompt alone"),
            ("!ls", "a command of the system's shell; at the prompt alone"),
        ),
    ),
    Topic(
        "scripts",
        "The same lines in a file",
        (
            ("history save first.hfsh", "at the prompt: what worked so far, as a script"),
            ("hfshell first.hfsh", "run it; it stops at the first error"),
            ("hfshell first.hfsh epochs=5", "with a value for its line `param epochs = 3`"),
            ("hfshell first.hfsh --help", "its parameters"),
            ("hfshell check first.hfsh", "find mistakes without running it"),
            ("hfshell -c 'm = load minilm' -c models", "lines, and no file"),
            ("hfshell --json first.hfsh > results.jsonl", "one JSON object a command"),
            ("hfshell --keep-going first.hfsh", "run on after an error, and still exit with 1"),
        ),
        typed=False,
    ),
    Topic(
        "keys",
        "Keys of the prompt",
        (
            ("Tab", "complete the word; again to choose"),
            ("F1, or ? and Enter", "explain the word at the cursor"),
            ("Right, End", "take what is offered in grey"),
            ("Up, Down", "earlier lines that begin with what is typed"),
            ("Ctrl-R", "search earlier lines"),
            ("Alt-Enter, Ctrl-J", "another line of the same text"),
            ("Ctrl-X Ctrl-E", "edit the text in $EDITOR; v in vi's navigation"),
            ("Ctrl-C", "drop the line; while a command runs: stop, again aborts, again restarts"),
            ("Ctrl-Z", "suspend the shell; `fg` brings it back"),
            ("Ctrl-L", "clear the screen"),
            ("Ctrl-D", "leave"),
            ("set editing_mode vi", "vi's keys instead of emacs'"),
        ),
        typed=False,
    ),
)

TOPICS = {topic.name: topic for topic in _TOPICS}
"""The topics by name, in the order of `help`."""
