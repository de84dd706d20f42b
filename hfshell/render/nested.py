"""Values of rows that are lists and objects: tags over tokens, choices, answers in their text, messages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.text import Text

from hfshell.api.tagging import marks_spans, spans_of
from hfshell.api.view import Span
from hfshell.render.safe_text import one_line
from hfshell.render.spans import span_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.api.results import RoleShown
    from hfshell.render.look import Look

NESTED = frozenset({"tokens", "tags", "choices", "index", "answers", "messages", "texts"})
"""Kinds of which a row is shown as a record, each role on lines of its own."""

_CELLS = 400  # of one value
_AROUND = 120  # characters before and behind an answer
_ITEMS = 20
_TOKENS = 80


def render_nested(
    known: RoleShown, value: Any, row: dict[str, Any], roles: Sequence[RoleShown], look: Look
) -> list[Text] | None:
    """Return the lines of a role's value; None for a value that stands on one line as any other.

    What another role speaks of is shown with it, and has no lines here: tokens beside their tags, choices
    beside the number of the right one.

    Args:
        known: the role.
        value: of any shape: a file may hold anything.
        row: the other values.
        roles: all roles.
        look: the screen.
    """
    spoken_of_by = [one.kind for one in roles if one.of == known.role and row.get(one.role) is not None]
    if known.kind == "text" and "answers" in spoken_of_by and _has_answer(row, roles, known.role):
        return []  # it is shown around the answer
    if known.kind == "tokens" and _are_texts(value):
        return [] if "tags" in spoken_of_by else [Text(" ".join(value[:_TOKENS]))]
    if known.kind == "tags":
        return _tagged(row.get(known.of), value, look)
    if known.kind == "choices" and _are_texts(value):
        return [] if "index" in spoken_of_by else _choices(value, None, look)
    if known.kind == "index":
        choices: Any = row.get(known.of)
        return _choices(choices, value, look) if _are_texts(choices) and isinstance(value, int) else None
    if known.kind == "answers" and isinstance(value, dict):
        return _answers(row.get(known.of), value, look)
    if known.kind == "messages" and isinstance(value, list):
        return [_message(item, look) for item in value[:_ITEMS]] + _more(value, _ITEMS, look)
    if known.kind == "texts" and _are_texts(value):
        return [_line(text, look) for text in value[:_ITEMS]] + _more(value, _ITEMS, look)
    return None


def in_line(value: Any) -> str:
    """Return a value as text: a list's texts between commas, objects as JSON, nothing for what is missing."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)) and _are_texts(value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else str(value)


def _tagged(tokens: Any, tags: Any, look: Look) -> list[Text] | None:
    if not _are_texts(tags) or not _are_texts(tokens) or len(tags) != len(tokens):
        return None
    more = _more(tokens, _TOKENS, look)
    tokens, tags = tokens[:_TOKENS], tags[:_TOKENS]
    if not all(map(marks_spans, tags)):
        pairs = (span_text(Span(token, tag=tag), look) for token, tag in zip(tokens, tags, strict=True))
        return [Text(" ").join(pairs), *more]
    pieces: list[Text] = []
    place = 0
    for span in spans_of(tags):
        pieces += map(Text, tokens[place : span.start])
        pieces.append(span_text(Span(" ".join(tokens[span.start : span.end]), "mark", span.label), look))
        place = span.end
    return [Text(" ").join([*pieces, *map(Text, tokens[place:])]), *more]


def _choices(choices: Sequence[str], right: int | None, look: Look) -> list[Text]:
    lines = []
    for place, choice in enumerate(choices[:_ITEMS]):
        sign = look.symbols.holds if place == right else ""
        style = "good" if place == right else ""
        lines.append(
            Text.assemble((f"{sign:<3}", "good"), (f"{place}  ", "dim"), (_line(choice, look).plain, style))
        )
    return lines + _more(choices, _ITEMS, look)


def _answers(context: Any, answers: dict[str, Any], look: Look) -> list[Text] | None:
    texts, starts = answers.get("text"), answers.get("answer_start")
    if not isinstance(texts, list) or not isinstance(starts, list) or not _are_texts(texts):
        return None
    if not texts:
        return [Text("no answer", "dim")]
    lines = []
    for text, start in dict.fromkeys(zip(texts, map(_whole, starts), strict=False)):
        marked = span_text(Span(_line(text, look).plain, "mark"), look)
        if isinstance(context, str) and start is not None and context.startswith(text, start):
            end = start + len(text)
            before, behind = context[max(0, start - _AROUND) : start], context[end : end + _AROUND]
            cut = look.symbols.ellipsis
            marked = Text.assemble(
                cut if start > _AROUND else "",
                _flat(before),
                marked,
                _flat(behind),
                cut if end + _AROUND < len(context) else "",
            )
        lines.append(marked)
    return lines[:_ITEMS]


def _has_answer(row: dict[str, Any], roles: Sequence[RoleShown], context: str) -> bool:
    answers = [row.get(one.role) for one in roles if one.of == context and one.kind == "answers"]
    return all(isinstance(answer, dict) and answer.get("text") for answer in answers)


def _message(item: Any, look: Look) -> Text:
    if not isinstance(item, dict):
        return _line(in_line(item), look)
    role, content = str(item.get("role", "")), item.get("content")
    said = one_line(in_line(content), _CELLS, plain=look.plain)
    return Text.assemble((f"{one_line(role, 20, plain=look.plain)}  ", "name"), said)


def _more(items: Sequence[Any], shown: int, look: Look) -> list[Text]:
    left = len(items) - shown
    return [Text(f"{look.symbols.ellipsis} {left:,} more", "dim")] if left > 0 else []


def _line(text: str, look: Look) -> Text:
    return Text(one_line(text, _CELLS, plain=look.plain))


def _flat(text: str) -> str:
    return text.replace("\n", " ")


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _are_texts(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
