"""Roles: what a column means to a task, and the names that columns usually have for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RoleKind = Literal["text", "label", "number", "tokens", "tags", "spans", "choices", "messages"]


@dataclass(frozen=True)
class Role:
    """A column as a task sees it.

    Example: two texts and the number that is learnt::

        roles = (
            Role.text("premise", name="first"),
            Role.text("hypothesis", name="second"),
            Role.number("similarity"),
        )

    Attributes:
        name: the key under which a task finds the value in a row.
        kind: what values are fit for it.
        synonyms: column names that mean it, best first; compared without case, spaces and punctuation.
        required: whether the task cannot do without it when it trains or evaluates.
        multiple: for labels, whether a row may have several.
        target: whether it is what a model learns, hidden from the task when it predicts.
    """

    name: str
    kind: RoleKind
    synonyms: tuple[str, ...] = ()
    required: bool = True
    multiple: bool = False
    target: bool = False

    @classmethod
    def text(cls, *synonyms: str, name: str = "text", required: bool = True) -> Role:
        """Free text; without synonyms, the usual ones."""
        return cls(name, "text", synonyms or TEXT_SYNONYMS, required)

    @classmethod
    def label(cls, *synonyms: str, name: str = "label", multiple: bool = False) -> Role:
        """A class label, to be learnt; without synonyms, the usual ones."""
        return cls(name, "label", synonyms or LABEL_SYNONYMS, multiple=multiple, target=True)

    @classmethod
    def labels(cls, *synonyms: str, name: str = "labels") -> Role:
        """Class labels of which a row may have several, to be learnt.

        In a row they are a tuple of text; in a file a list, or words between commas, `;` or `|`.
        """
        return cls(name, "label", synonyms or LABELS_SYNONYMS, multiple=True, target=True)

    @classmethod
    def number(cls, *synonyms: str, name: str = "score") -> Role:
        """A number, to be learnt; without synonyms, the usual ones. In a row it is a float."""
        return cls(name, "number", synonyms or NUMBER_SYNONYMS, target=True)


TEXT_SYNONYMS = (
    "text", "sentence", "content", "message", "body", "review", "utterance", "query", "comment",
    "tweet", "description", "document", "input", "title",
)  # fmt: skip
LABEL_SYNONYMS = (
    "label", "labels", "class", "category", "target", "intent", "queue", "topic", "sentiment",
    "tag", "coarse_label", "output", "y",
)  # fmt: skip
LABELS_SYNONYMS = ("labels", "tags", "categories", "classes", "topics")
NUMBER_SYNONYMS = ("score", "rating", "similarity", "value", "stars", "grade", "target", "label", "y")
