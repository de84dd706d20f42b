"""What `set` changes: typed settings of one session."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from hfshell.errors import UsageError
from hfshell.language.suggest import did_you_mean


@dataclass(frozen=True)
class Settings:
    """Settings of a session; each has its reading from text and its help in the field's metadata."""

    memory: float = field(default=0.8, metadata={"help": "Share of memory that warm models may take: 80%"})
    seed: int = field(default=42, metadata={"help": "Seed of training and of whatever else is random"})
    device: str = field(default="auto", metadata={"help": "Where models are placed: auto, cpu, cuda, mps"})
    patience: float = field(
        default=600.0,
        metadata={"help": "Seconds that a plugin may work without a sign of life before it is cut off"},
    )
    offline: bool = field(default=False, metadata={"help": "Never ask the Hub: on or off"})

    def changed(self, name: str, text: str) -> Settings:
        """Return the settings with one of them read from text.

        Raises:
            UsageError: no such setting, or a value that it cannot have.
        """
        if name not in _READERS:
            raise UsageError(
                f"there is no setting {name}", hint=did_you_mean(name, list(_READERS)) or "`set` lists them"
            )
        try:
            return replace(self, **{name: _READERS[name](text)})
        except ValueError:
            raise UsageError(f"{name} cannot be {text}", hint=setting_help(name)) from None

    def shown(self, name: str) -> str:
        """Return a setting's value as `set` would be given it.

        Raises:
            UsageError: no such setting.
        """
        if name not in _READERS:
            raise UsageError(
                f"there is no setting {name}", hint=did_you_mean(name, list(_READERS)) or "`set` lists them"
            )
        value = getattr(self, name)
        if isinstance(value, bool):
            return "on" if value else "off"
        return f"{value:.0%}" if name == "memory" else f"{value:g}" if name == "patience" else str(value)


def initial_settings() -> Settings:
    """The defaults; `HF_HUB_OFFLINE=1` means offline here too."""
    return Settings(offline=os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"})


def setting_names() -> tuple[str, ...]:
    """Names of all settings."""
    return tuple(item.name for item in fields(Settings))


def setting_help(name: str) -> str:
    """One line on a setting."""
    return str(next(item.metadata["help"] for item in fields(Settings) if item.name == name))


def _share(text: str) -> float:
    share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    if not 0 < share <= 1:
        raise ValueError(text)
    return share


def _not_negative(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


def _switch(text: str) -> bool:
    words = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}
    if text.lower() not in words:
        raise ValueError(text)
    return words[text.lower()]


def _device(text: str) -> str:
    if text.split(":", maxsplit=1)[0] not in {"auto", "cpu", "cuda", "mps", "xpu"}:
        raise ValueError(text)
    return text


_READERS: dict[str, Callable[[str], Any]] = {
    "memory": _share,
    "seed": _not_negative,
    "device": _device,
    "patience": _positive,
    "offline": _switch,
}
