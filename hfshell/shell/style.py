"""Colours of the prompt: those of a theme, in prompt_toolkit's words."""

from __future__ import annotations

from functools import cache

from prompt_toolkit.styles import Style

from hfshell.render.palette import PALETTES, palette_name

_LOUD = "fg:default nodim"
"""As the terminal's text is, in the midst of what is quiet."""


def prompt_style(theme: str) -> Style:
    """Return the prompt's style in a theme: `auto`, `dark` or `light`."""
    return _style(palette_name(theme))


@cache
def _style(name: str) -> Style:
    colours = PALETTES[name]
    accent, warn, bad = _colour(colours.accent), _colour(colours.warn), _colour(colours.bad)
    quiet = colours.quiet or "dim"
    return Style.from_dict(
        {
            "prompt": f"{accent} bold",
            "continuation": quiet,
            "banner.name": "bold",
            "banner": quiet,
            # What is typed.
            "command": accent,
            "option": accent,
            "name": "bold",
            "string": _colour(colours.text),
            "reference": _colour(colours.reference),
            "operator": quiet,
            "redirect": warn,
            "comment": f"{quiet} italic",
            "error": bad,
            "unknown": f"{bad} underline",
            "auto-suggestion": quiet,
            # What stands around it.
            "bottom-toolbar": "noreverse",
            "toolbar": quiet,
            "toolbar.value": _LOUD,
            "toolbar.busy": f"nodim {warn}",
            "toolbar.bad": f"nodim {bad} bold",
            "toolbar.current": f"{_LOUD} bold",
            "completion-menu": "bg:default fg:default",
            "completion-menu.completion": "bg:default fg:default",
            "completion-menu.completion.current": f"bg:default fg:{accent} bold noreverse",
            "completion-menu.meta.completion": f"bg:default {colours.quiet or 'fg:default dim'}",
            "completion-menu.meta.completion.current": f"bg:default {_LOUD}",
            "completion-match": "bold underline",
            "scrollbar.background": "bg:default",
            "scrollbar.button": "bg:ansibrightblack",
        }
    )


def _colour(colour: str) -> str:
    return colour if colour.startswith("#") else f"ansi{colour}"
