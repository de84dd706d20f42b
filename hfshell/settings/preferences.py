"""What one session or one prompt has chosen: its settings and aliases, and the file that they begin with."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.settings.config_file import FILE, ConfigFile, read_config, save_alias, save_setting
from hfshell.settings.configuration import Configuration, environment_settings

if TYPE_CHECKING:
    from hfshell.api.results.settings import Origin
    from hfshell.errors import UsageError
    from hfshell.settings.declarations import Settings

Check = Callable[[str, "Settings"], None]
Heard = Callable[["Settings", "Settings"], None]


class Preferences:
    """Settings and aliases in force.

    Args:
        folder: where `config.toml` lies.
        read: whether it is read; it can be saved into all the same.
        at_prompt: whether lines are typed here, which aliases are for.
        check: sees that a setting can be had here: given its name and the settings as they would be, it
            raises.
        changed: told of the settings before and after a change.
        environ: the environment.

    Attributes:
        aliases: words of the prompt's, and what each stands for.
        problems: what is wrong with the file, as far as it was not taken yet (`take_problems`).
    """

    def __init__(
        self,
        folder: Path,
        *,
        read: bool = True,
        at_prompt: bool = False,
        check: Check = lambda _name, _settings: None,
        changed: Heard = lambda _before, _after: None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.path = folder / FILE
        self.at_prompt = at_prompt
        self.aliases: dict[str, str] = {}
        self.problems: tuple[UsageError, ...] = ()
        self._check = check
        self._changed = changed
        self._reads = read
        self._stamp = 0
        self._file = ConfigFile()
        self._configuration = Configuration(environment=environment_settings(environ))
        self.refresh()

    @property
    def configuration(self) -> Configuration:
        """The settings, and who chose them."""
        return self._configuration

    @property
    def now(self) -> Settings:
        """The values in force."""
        return self._configuration.settings

    def change(self, name: str, text: str | None) -> None:
        """Change a setting; None takes back what `set` said before.

        Raises:
            UsageError: no such setting, or a value that it cannot have.
        """
        before = self._configuration
        after = before.reset(name) if text is None else before.changed(name, text)
        self._check(name, after.settings)
        self.use(after)

    def use(self, configuration: Configuration) -> None:
        """Put other settings in force."""
        before, self._configuration = self.now, configuration
        self._changed(before, self.now)

    def adopt(self, name: str, text: str, origin: Origin) -> None:
        """Take over what a session elsewhere made of a setting."""
        self.refresh()
        before = self._configuration
        self.use(before.changed(name, text) if origin == "set" else before.reset(name))

    def save(self, name: str, text: str | None) -> None:
        """Change a setting here and in the file; None takes it out of both.

        Raises:
            UsageError: no such setting, a value that it cannot have, or the file is no TOML.
            StorageError: the disk refused; nothing is changed.
        """
        before = self._configuration
        file = {key: value for key, value in before.file.items() if key != name}
        if text is not None:
            file[name] = before.changed(name, text).settings.shown(name)
        after = replace(before.reset(name), file=file)
        self._check(name, after.settings)
        save_setting(self.path.parent, name, text)
        self.use(after)
        self._stamp = self._changed_on_disk()

    def set_alias(self, name: str, text: str | None, *, save: bool = False) -> None:
        """Let a word stand for the beginning of a line; None forgets it.

        Raises:
            UsageError: the file is no TOML.
            StorageError: the disk refused; nothing is changed.
        """
        if save:
            save_alias(self.path.parent, name, text)
            self._stamp = self._changed_on_disk()
        if text is None:
            self.aliases.pop(name, None)
        else:
            self.aliases[name] = text

    def refresh(self) -> None:
        """Read the file again when it was changed."""
        if not self._reads or (stamp := self._changed_on_disk()) == self._stamp:
            return
        self._stamp = stamp
        before, self._file = self._file, read_config(self.path.parent)
        self.problems = tuple(self._file.problems)
        mine = {name: text for name, text in self.aliases.items() if before.aliases.get(name) != text}
        self.aliases = {**self._file.aliases, **mine}
        self.use(replace(self._configuration, file=self._file.settings))

    def take_problems(self) -> tuple[UsageError, ...]:
        """Return what is wrong with the file, once."""
        found, self.problems = self.problems, ()
        return found

    def as_texts(self) -> dict[str, dict[str, str]]:
        """Return the settings by who chose them, as a request carries them."""
        chosen = self._configuration
        return {
            "file": dict(chosen.file),
            "environment": dict(chosen.environment),
            "said": dict(chosen.said),
        }

    def _changed_on_disk(self) -> int:
        try:
            return self.path.stat().st_mtime_ns
        except OSError:
            return 0


def told(problem: UsageError) -> str:
    """Return what is wrong with the file in a line."""
    hint = f" · {problem.hint}".replace("\n", " · ") if problem.hint else ""
    return f"{problem.place}: {problem.message}{hint}"
