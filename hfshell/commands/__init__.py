"""The commands: a file each, a typed declaration that drives parsing, help, completion, `check` and JSON.

A declaration is light; the function that runs it is named by its `target` and imported when it first runs.
"""
