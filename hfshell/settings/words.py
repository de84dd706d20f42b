"""How the words of settings are read, and how values are shown as they would be typed.

A reader raises ValueError for a word that says nothing it knows.
"""

from __future__ import annotations

_SWITCH = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}
_DEVICES = frozenset({"auto", "cpu", "cuda", "mps", "xpu"})


def read_share(text: str) -> float:
    """Read `80%` or `0.8`."""
    share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    if not 0 < share <= 1:
        raise ValueError(text)
    return share


def read_count(text: str) -> int:
    """Read a whole number that is not negative."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def read_seconds(text: str) -> float:
    """Read a number of seconds, more than none."""
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


def read_seconds_or_off(text: str) -> float | None:
    """Read a number of seconds, or `off`."""
    return None if text.lower() in ("off", "no", "false") else read_seconds(text)


def read_switch(text: str) -> bool:
    """Read `on` or `off`, or what else people say for them."""
    if text.lower() not in _SWITCH:
        raise ValueError(text)
    return _SWITCH[text.lower()]


def read_device(text: str) -> str:
    """Read the name of a device; whether it is there is asked where torch is."""
    kind, colon, number = text.partition(":")
    if kind not in _DEVICES or (colon and not (number.isdecimal() and kind not in ("auto", "cpu"))):
        raise ValueError(text)
    return text


def show_share(share: float) -> str:
    """Show a share as `80%`."""
    return f"{100 * share:g}%"


def show_seconds(seconds: float | None) -> str:
    """Show seconds as a number, none of them as `off`."""
    return "off" if seconds is None else f"{seconds:g}"


def show_switch(value: bool) -> str:
    """Show `on` or `off`."""
    return "on" if value else "off"
