"""The settings as the shell holds them: changed by `set`, and sent along with all that a kernel is to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.settings.configuration import Configuration, environment_settings

if TYPE_CHECKING:
    from hfshell.settings import Settings


class ShellSettings:
    """The settings in force at the prompt.

    A kernel is told them with each request, so that one that was just started knows them too.

    Attributes:
        configuration: the settings, and who chose them.
    """

    def __init__(self) -> None:
        self.configuration = Configuration(environment=environment_settings())

    @property
    def now(self) -> Settings:
        """The values in force."""
        return self.configuration.settings

    def change(self, name: str, text: str | None) -> None:
        """Change a setting; None takes back what `set` said before.

        Raises:
            UsageError: no such setting, or a value that it cannot have.
        """
        before = self.configuration
        self.configuration = before.reset(name) if text is None else before.changed(name, text)

    def for_kernel(self) -> dict[str, dict[str, str]]:
        """Return what a request carries."""
        chosen = self.configuration
        return {
            "file": dict(chosen.file),
            "environment": dict(chosen.environment),
            "said": dict(chosen.said),
        }
