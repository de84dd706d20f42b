"""Colours of the prompt: the terminal's own sixteen, so that a light and a dark theme both stay readable."""

from __future__ import annotations

from prompt_toolkit.styles import Style

STYLE = Style.from_dict(
    {
        "prompt": "ansicyan bold",
        "continuation": "dim",
        "banner.name": "bold",
        "banner": "dim",
        # What is typed.
        "command": "ansicyan",
        "option": "ansicyan",
        "name": "bold",
        "string": "ansigreen",
        "reference": "ansimagenta",
        "operator": "dim",
        "redirect": "ansiyellow",
        "comment": "dim italic",
        "error": "ansired",
        "auto-suggestion": "dim",
        # What stands around it.
        "bottom-toolbar": "noreverse",
        "toolbar": "dim",
        "toolbar.value": "nodim",
        "toolbar.busy": "nodim ansiyellow",
        "toolbar.bad": "nodim ansired bold",
        "toolbar.current": "nodim bold",
        "completion-menu": "bg:default fg:default",
        "completion-menu.completion": "bg:default fg:default",
        "completion-menu.completion.current": "bg:default fg:ansicyan bold noreverse",
        "completion-menu.meta.completion": "bg:default fg:default dim",
        "completion-menu.meta.completion.current": "bg:default fg:default nodim",
        "scrollbar.background": "bg:default",
        "scrollbar.button": "bg:ansibrightblack",
    }
)
