"""Roles: what a column means to a task, and the names that columns usually have for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RoleKind = Literal[
    "text", "label", "number", "tokens", "tags", "spans", "choices", "index", "answers", "messages", "texts",
    "file",
]  # fmt: skip
"""What a row holds for a role of each kind:

`text`: a text. `label`: a text, or a tuple of texts where a row may have several. `number`: a float.
`tokens`, `choices`, `texts`: a tuple of texts. `tags`: a tuple of as many texts as there are tokens; those
that mark spans are IOB2, whatever the file has. `index`: which of the choices is right, an int from 0.
`answers`: `{"text": [...], "answer_start": [...]}`, empty lists when there is no answer; offsets count
characters of the text that they are of. `messages`: a tuple of `{"role": ..., "content": ...}`. `file`: the
path of a file, a text that says too where it was named, a `DataFile`. `spans`: as the file has it.
"""

TYPED: frozenset[RoleKind] = frozenset({"text", "file"})
"""Kinds of what may be typed behind `predict NAME`."""


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
        of: name of the role that it speaks of: tags of tokens, an index of choices, answers of a context;
            of several texts that are learnt beside another, that other: a row that has them is measured
            against all of them, as a summary against several references.
            What does not fit that value of its row is a fault of the row.
        containing: for a text, what most texts of its column must hold, such as marks: `("<e1>", "<e2>")`.
        endings: for a file, how the names of most of its column must end, in any case: `(".png", ".jpg")`.
        beside: name of another text that it makes a pair with: their columns have names at the same place
            among the synonyms of each, as a hypothesis stands beside a premise and beside no question.
    """

    name: str
    kind: RoleKind
    synonyms: tuple[str, ...] = ()
    required: bool = True
    multiple: bool = False
    target: bool = False
    of: str = ""
    containing: tuple[str, ...] = ()
    beside: str = ""
    endings: tuple[str, ...] = ()

    @classmethod
    def text(
        cls,
        *synonyms: str,
        name: str = "text",
        required: bool = True,
        target: bool = False,
        containing: tuple[str, ...] = (),
        beside: str = "",
    ) -> Role:
        """Free text; without synonyms, the usual ones. With `target` it is what a model learns to write."""
        names = synonyms or TEXT_SYNONYMS
        return cls(name, "text", names, required, target=target, containing=containing, beside=beside)

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

    @classmethod
    def tokens(cls, *synonyms: str, name: str = "tokens", required: bool = True) -> Role:
        """The words of a text; in a file a list, or words between blanks."""
        return cls(name, "tokens", synonyms or TOKENS_SYNONYMS, required)

    @classmethod
    def tags(cls, *synonyms: str, name: str = "tags", of: str = "tokens") -> Role:
        """A tag for each token, to be learnt."""
        return cls(name, "tags", synonyms or TAGS_SYNONYMS, target=True, of=of)

    @classmethod
    def choices(cls, *synonyms: str, name: str = "choices") -> Role:
        """What there is to choose from."""
        return cls(name, "choices", synonyms or CHOICES_SYNONYMS)

    @classmethod
    def index(cls, *synonyms: str, name: str = "label", of: str = "choices") -> Role:
        """Which of the choices is right, to be learnt; in a file a number, a letter or the choice itself."""
        return cls(name, "index", synonyms or INDEX_SYNONYMS, target=True, of=of)

    @classmethod
    def answers(cls, *synonyms: str, name: str = "answers", of: str = "context") -> Role:
        """Answers with their offsets in another text, to be learnt."""
        return cls(name, "answers", synonyms or ANSWERS_SYNONYMS, target=True, of=of)

    @classmethod
    def messages(cls, *synonyms: str, name: str = "messages", required: bool = True) -> Role:
        """A conversation: messages of a system, a user and an assistant, in turn."""
        return cls(name, "messages", synonyms or MESSAGES_SYNONYMS, required)

    @classmethod
    def texts(cls, *synonyms: str, name: str = "texts", required: bool = True, target: bool = False) -> Role:
        """Several texts, such as the tests of a program, or summaries to compare with."""
        return cls(name, "texts", synonyms or TEXTS_SYNONYMS, required, target=target)

    @classmethod
    def file(
        cls, *synonyms: str, name: str = "file", endings: tuple[str, ...] = (), required: bool = True
    ) -> Role:
        """A file beside the data, such as a picture; in a file its path, from the folder of that.

        Folders named after labels that hold such files are data too, when there are `endings`.
        """
        return cls(name, "file", synonyms or FILE_SYNONYMS, required, endings=endings)


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
TOKENS_SYNONYMS = ("tokens", "words")
TAGS_SYNONYMS = (
    "tags", "ner_tags", "labels", "ner", "pos_tags", "upos", "chunk_tags", "label",
)  # fmt: skip
CHOICES_SYNONYMS = ("choices", "options", "endings", "candidates", "alternatives")
INDEX_SYNONYMS = (
    "label", "answer", "answerKey", "answer_index", "answer_idx", "correct", "gold", "target",
)  # fmt: skip
ANSWERS_SYNONYMS = ("answers", "answer")
MESSAGES_SYNONYMS = ("messages", "conversations", "conversation", "dialog", "dialogue", "chat", "turns")
TEXTS_SYNONYMS = ("texts", "references", "test_list", "tests", "test")
FILE_SYNONYMS = ("file", "path", "file_name", "filename", "file_path")
