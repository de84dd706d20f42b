"""Small data that can be learnt, for the roles of any task: what a row says follows from the words in it."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hfshell.api.roles import Role
from hfshell.api.specs import TaskSpec
from hfshell.errors import HfshellError
from hfshell.testing.tiny_files import CONTENTS

TOPICS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "billing": ("card", "charged", "twice", "refund", "money"),
        "delivery": ("parcel", "delivery", "late", "box", "broken"),
        "account": ("change", "password", "account", "log", "email"),
    }
)
"""Words of three topics; texts are drawn from the words, labels and numbers follow from the topic."""

ROWS = 60


class CannotMakeError(HfshellError):
    """The kit cannot make data or a model for a task; its author can."""


@dataclass(frozen=True)
class Story:
    """What one row is about.

    Attributes:
        number: counts from 0.
        topics: one, or two in every fourth row.
        words: drawn from theirs.
        draw: for whatever else is random in the row.
        texts: the texts that were made of it, by role.
        files: what the files hold that it names, by name.
    """

    number: int
    topics: tuple[str, ...]
    words: tuple[str, ...]
    draw: random.Random
    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def answer(self) -> str:
        """What is written where a text is to be learnt."""
        return " and ".join(sorted(self.topics))

    def text_of(self, role: str) -> str:
        """The text of a role, else the one that was made last, else one that is in no column."""
        return self.texts.get(role) or next(reversed(self.texts.values()), " ".join(self.words))


def _text(story: Story, role: Role) -> str:
    if role.target:
        return story.answer
    words = story.draw.sample(story.words, len(story.words))
    marked = [_marked(word, mark) for word, mark in zip(words, role.containing, strict=False)]
    text = " ".join([*marked, *words[len(marked) :], str(story.number)])
    story.texts[role.name] = text
    return text


def _marked(word: str, mark: str) -> str:
    """Put a mark at a word, and its end behind it where it has one: `<e1>card</e1>`."""
    return f"{mark}{word}</{mark[1:]}" if re.fullmatch(r"<\w+>", mark) else f"{mark} {word}"


def _label(story: Story, role: Role) -> str | list[str]:
    return sorted(story.topics) if role.multiple else story.topics[0]


def _number(story: Story, role: Role) -> float:  # noqa: ARG001 - as every maker
    return 1.0 + list(TOPICS).index(story.topics[0]) + 0.5 * (len(story.topics) - 1)


def _tokens(story: Story, role: Role) -> list[str]:  # noqa: ARG001 - as every maker
    return [*story.words, str(story.number)]


def _tags(story: Story, role: Role) -> list[str]:  # noqa: ARG001 - as every maker
    return [f"B-{_NAMED[word]}" if word in _NAMED else "O" for word in (*story.words, str(story.number))]


def _spans(story: Story, role: Role) -> list[dict[str, Any]]:
    return [
        {"start": found.start(), "end": found.end(), "text": found[0], "label": _NAMED[found[0]]}
        for found in re.finditer(r"\w+", story.text_of(role.of))
        if found[0] in _NAMED
    ]


def _answers(story: Story, role: Role) -> dict[str, list[Any]]:
    found = _spans(story, role)[:1]
    return {"text": [span["text"] for span in found], "answer_start": [span["start"] for span in found]}


def _index(story: Story, role: Role) -> int:  # noqa: ARG001 - as every maker
    return sorted(TOPICS).index(story.topics[0])


def _texts(story: Story, role: Role) -> list[str]:  # noqa: ARG001 - as every maker
    return [story.answer, f"about {story.answer}"]


def _choices(story: Story, role: Role) -> list[str]:  # noqa: ARG001 - as every maker
    return sorted(TOPICS)


def _messages(story: Story, role: Role) -> list[dict[str, str]]:  # noqa: ARG001 - as every maker
    said = {"user": " ".join((*story.words, str(story.number))), "assistant": story.answer}
    return [{"role": who, "content": what} for who, what in said.items()]


def _file(story: Story, role: Role) -> str:
    ending = next((ending for ending in role.endings if ending in CONTENTS), None)
    if ending is None:
        raise CannotMakeError(
            f"the kit makes no files for the role {role.name}: it can write {', '.join(CONTENTS)}",
            hint="give data of your own: override `dataset` in your TaskConformance",
        )
    name = f"{role.name}-{story.number}{ending}"
    story.files[name] = CONTENTS[ending](list(TOPICS).index(story.topics[0]), story.number)
    return name


_NAMED = MappingProxyType({word: topic for topic, words in TOPICS.items() for word in words[:2]})
"""Words that are tagged, and are spans: the first two of each topic."""

MAKERS: Mapping[str, Callable[[Story, Role], Any]] = MappingProxyType(
    {
        "text": _text,
        "label": _label,
        "number": _number,
        "tokens": _tokens,
        "tags": _tags,
        "spans": _spans,
        "answers": _answers,
        "choices": _choices,
        "index": _index,
        "texts": _texts,
        "messages": _messages,
        "file": _file,
    }
)
"""What makes a cell, by the kind of its role."""


@dataclass(frozen=True)
class TinyData:
    """Rows by role; satisfies `hfshell.api.TaskData`, all rows in `train`.

    Attributes:
        files: what the files hold that rows name, by name.
    """

    train: Sequence[Mapping[str, Any]]
    label_role: str | None = None  # of labels, or of tags
    name: str = "tiny"
    fingerprint: str = "tiny"
    validation: Sequence[Mapping[str, Any]] = ()
    test: Sequence[Mapping[str, Any]] = ()
    files: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels, sorted as hfshell sorts words."""
        if self.label_role is None:
            return ()
        cells = [row[self.label_role] for row in self.train]
        found = {label for cell in cells for label in (cell if isinstance(cell, list) else [cell])}
        return tuple(sorted(found))


def tiny_data(spec: TaskSpec, rows: int = ROWS) -> TinyData:
    """Make rows for a task, the same at each call.

    Raises:
        CannotMakeError: the kit makes no values for one of the roles that the task needs.
    """
    roles = [role for role in spec.roles if _is_made(role, spec)]
    draw = random.Random(7)  # noqa: S311 - no secret
    stories = _stories(rows, draw)
    made = [_row(story, roles) for story in stories]
    files = {name: content for story in stories for name, content in story.files.items()}
    label = next((role.name for role in roles if role.kind in ("label", "tags")), None)
    return TinyData(made, label, files=files)


def write_tiny_data(data: TinyData, folder: Path) -> Path:
    """Write rows as JSON lines, a column a role, and beside them the files that they name."""
    for name, content in data.files.items():
        (folder / name).write_bytes(content)
    path = folder / "tiny.jsonl"
    lines = (json.dumps(row, ensure_ascii=False) for row in data.train)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _is_made(role: Role, spec: TaskSpec) -> bool:
    if role.kind in MAKERS:
        return True
    if role.required:
        raise CannotMakeError(
            f"the kit makes no {role.kind} for the role {role.name} of {spec.name}",
            hint="give data of your own: override `dataset` in your TaskConformance",
        )
    return False


def _row(story: Story, roles: Sequence[Role]) -> dict[str, Any]:
    """Make the cells of a row, texts first: spans lie in them."""
    order = sorted(roles, key=lambda role: role.kind != "text")
    cells = {role.name: MAKERS[role.kind](story, role) for role in order}
    return {role.name: cells[role.name] for role in roles}


def _stories(rows: int, draw: random.Random) -> Sequence[Story]:
    names = list(TOPICS)
    stories: list[Story] = []
    for number in range(rows):
        first, second = names[number % 3], names[(number + 1) % 3]
        topics = (first, second) if number % 4 == 3 else (first,)
        pool = (*TOPICS[first], *TOPICS[second][:2]) if second in topics else TOPICS[first]
        stories.append(Story(number, topics, tuple(draw.choices(pool, k=draw.randint(4, 9))), draw))
    return stories
