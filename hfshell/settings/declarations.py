"""All settings, each declared once: name, type, default, help, and what it may be."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

from hfshell.errors import UsageError
from hfshell.settings import words

Heeded = Literal["session", "prompt"]
"""Who heeds a setting: the session, wherever it runs, or the prompt alone."""

_KEY = "hfshell"


@dataclass(frozen=True)
class Declaration:
    """What is to be known of a setting.

    Attributes:
        name: as typed.
        help: one line on what it does.
        wanted: what its value may be, in words.
        heeded: who heeds it.
        default: its value when nobody chose one.
        read: reads a word; raises ValueError for one that says nothing.
        show: shows a value as it would be typed.
        choices: words that completion offers; all there are when `closed`.
        closed: whether it takes these words and no others.
        variable: the variable of the environment that sets it; None without one.
    """

    name: str
    help: str
    wanted: str
    heeded: Heeded
    default: Any
    read: Callable[[str], Any]
    show: Callable[[Any], str]
    choices: tuple[str, ...] = ()
    closed: bool = False
    variable: str | None = None


def _setting(
    default: Any,
    help: str,  # noqa: A002 - as in `option()`
    *,
    wanted: str,
    read: Callable[[str], Any],
    show: Callable[[Any], str] = str,
    heeded: Heeded = "session",
    choices: tuple[str, ...] = (),
    variable: str | None = None,
) -> Any:
    made = Declaration("", help, wanted, heeded, default, read, show, choices, variable=variable)
    return dataclasses.field(default=default, metadata={_KEY: made})


def _one_of(default: str, help: str, *choices: str, heeded: Heeded = "prompt") -> Any:  # noqa: A002 - as above
    def read(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(text)
        return text.lower()

    wanted = f"{', '.join(choices[:-1])} or {choices[-1]}"
    made = Declaration("", help, wanted, heeded, default, read, str, choices, closed=True)
    return dataclasses.field(default=default, metadata={_KEY: made})


def _switch(default: bool, help: str, *, heeded: Heeded = "prompt", variable: str | None = None) -> Any:  # noqa: A002
    made = Declaration(
        "", help, "on or off", heeded, default, words.read_switch, words.show_switch, ("on", "off"),
        closed=True, variable=variable,
    )  # fmt: skip
    return dataclasses.field(default=default, metadata={_KEY: made})


@dataclass(frozen=True)
class Settings:
    """The values of all settings."""

    memory: float = _setting(
        0.8, "Share of memory that warm models may take",
        wanted="a share, 80% or 0.8", read=words.read_share, show=words.show_share,
    )  # fmt: skip
    seed: int = _setting(
        42, "Seed of training and of whatever else is random",
        wanted="a whole number, 0 or more", read=words.read_count,
    )  # fmt: skip
    device: str = _setting(
        "auto", "Where models are placed",
        wanted="auto, cpu, cuda, mps or xpu; cuda:1 is the second of several",
        read=words.read_device, choices=("auto", "cpu", "cuda", "mps", "xpu"),
    )  # fmt: skip
    patience: float = _setting(
        600.0, "Seconds that a plugin may work without a sign of life before it is cut off",
        wanted="a number of seconds, more than 0", read=words.read_seconds, show=words.show_seconds,
    )  # fmt: skip
    offline: bool = _switch(False, "Never ask the Hub", heeded="session", variable="HF_HUB_OFFLINE")

    theme: str = _one_of(
        "auto", "Colours: for a dark or a light background, or the terminal's own", "auto", "dark", "light"
    )
    editing_mode: str = _one_of("emacs", "Whose keys edit a line", "emacs", "vi")
    toolbar: bool = _switch(True, "The line under the prompt: memory, models, the kernel")
    suggestions: bool = _switch(True, "Offer the rest of an earlier line behind the cursor")
    complete_while_typing: bool = _switch(False, "List completions while typing, not only on Tab")
    pager: bool = _switch(True, "Show what is longer than the screen in a pager")
    title: bool = _switch(True, "Say in the terminal's title what runs")
    bell: float | None = _setting(
        None, "Seconds of work after which the bell rings",
        wanted="a number of seconds, or off", heeded="prompt",
        read=words.read_seconds_or_off, show=words.show_seconds, choices=("off", "10", "60"),
    )  # fmt: skip

    def shown(self, name: str) -> str:
        """Return a setting's value as `set` would be given it.

        Raises:
            UsageError: no such setting.
        """
        return find_declaration(name).show(getattr(self, name))


DECLARATIONS: Mapping[str, Declaration] = MappingProxyType(
    {item.name: replace(item.metadata[_KEY], name=item.name) for item in dataclasses.fields(Settings)}
)
"""The declarations by name, in the order in which `set` lists them."""


def find_declaration(name: str) -> Declaration:
    """Return the declaration of a setting.

    Raises:
        UsageError: no such setting; the nearest name is offered.
    """
    if name not in DECLARATIONS:
        from hfshell.language.suggest import did_you_mean

        hint = did_you_mean(name, list(DECLARATIONS)) or "`set` lists them"
        raise UsageError(f"there is no setting {name}", hint=hint)
    return DECLARATIONS[name]


def read_value(name: str, text: str) -> Any:
    """Read the value of a setting.

    Raises:
        UsageError: no such setting, or a value that it cannot have: the hint says what it may be.
    """
    declared = find_declaration(name)
    try:
        return declared.read(text)
    except ValueError:
        raise UsageError(f"{text} is no value for {name}", hint=_what_it_may_be(declared, text)) from None


def _what_it_may_be(declared: Declaration, text: str) -> str:
    from hfshell.language.suggest import did_you_mean

    wanted = f"{declared.name} is {declared.wanted}"
    nearest = did_you_mean(text, declared.choices)
    return f"{nearest}\n{wanted}" if nearest else wanted
