"""Options that the task adds to the commands."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import option


@dataclass(frozen=True)
class LabelOptions:
    """Options of `predict` and `eval`."""

    labels: tuple[str, ...] = option(
        (),
        "Labels to choose from, between commas; those of the data without it",
        metavar="A,B,…",
        complete="label",
    )
    template: str | None = option(
        None,
        "A sentence that a label makes, {} for it; 'This example is {}.' for NLI models, else the label",
    )
    multi_label: bool = option(
        False, "Score each label alone, for texts that several may fit; NLI models only"
    )

    def __post_init__(self) -> None:
        if self.template is not None and "{}" not in self.template:
            raise ValueError("--template has no {} where the label should stand")

    @property
    def candidates(self) -> tuple[str, ...]:
        """The labels, each once."""
        parts = (part.strip() for word in self.labels for part in word.split(","))
        return tuple(dict.fromkeys(part for part in parts if part))
