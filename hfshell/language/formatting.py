"""From a tree back to text. What is written parses to the same tree; comments and line breaks are gone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hfshell.language.patterns import NO_TEXT, closing_mark
from hfshell.language.tokens import Reference, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.language.tokens import Part, Word
    from hfshell.language.tree import CommandLine, Heredoc, Parameter, Script

_SAFE = re.compile(r"(?!-*$)[\w@%+:,./-](?:[\w@%+:,./-]|=(?!=))*+\Z")
_COMMAND = re.compile(r"[^\W\d][\w.:-]*+\Z")
_SPECIAL = re.compile(r"""([\s'"\\$;&|()<>`])""")
_COMPARING = re.compile(r"""([\s'"\\$;&|()<>`=!~])""")
_ESCAPABLE = re.compile(r"[^\r\n]++\Z")
_IN_DOUBLE = re.compile(r'(["\\]|\$(?=[^\W\d]|[{(]))')
_IN_BODY = re.compile(r"(\\|\$(?=[^\W\d]|[{(]))")


def quote(text: str) -> str:
    """Return the shortest safe way to write a text as one argument of any command.

    Raises:
        ValueError: it holds a NUL character or a lone surrogate, which no word can.
    """
    if NO_TEXT.search(text):
        raise ValueError("a word cannot hold a NUL character or a lone surrogate")
    return text if _SAFE.match(text) else _quoted(text)


def format_script(script: Script) -> str:
    """Return the text of a script: its header, then its lines."""
    lines = [format_parameter(parameter) for parameter in script.parameters]
    lines += [format_line(line) for line in script.lines]
    return "".join(f"{line}\n" for line in lines)


def format_parameter(parameter: Parameter) -> str:
    """Return the text of a header line."""
    default = f" = {format_word(parameter.default)}" if parameter.default else ""
    return f"param {parameter.name.text}{default}"


def format_line(line: CommandLine) -> str:
    """Return the text of a command line, with the lines of its heredoc."""
    pieces = [line.command.text if _COMMAND.match(line.command.text) else _quoted(line.command.text)]
    if line.binding and line.command.text == "let":
        pieces.append(f"{line.binding.text} =")
    elif line.binding:
        pieces.insert(0, f"{line.binding.text} =")
    pieces += _words(line)
    if line.redirect:
        pieces.append(f"{'>>' if line.redirect.append else '>'} {format_word(line.redirect.target)}")
    if line.heredoc:
        pieces.append(_heredoc(line.heredoc))
    return ("-" if line.ignore_error else "") + " ".join(pieces)


def format_word(word: Word, special: re.Pattern[str] = _SPECIAL) -> str:
    """Return the text of a word, each part quoted as it was.

    Args:
        word: the word.
        special: the characters that a bare part must escape.
    """
    written: list[str] = []
    parts = word.parts
    for index, part in enumerate(parts):
        opens = part.quote == '"' and not _continues(parts, index)
        closes = part.quote == '"' and not _continues(parts, index + 1)
        last = index + 1 == len(parts)
        written.append('"' if opens else "")
        written.append(_reference(part, last=last) if isinstance(part, Reference) else _text(part, special))
        written.append('"' if closes else "")
    text = "".join(written)
    return f"\\{text}" if text.startswith("#") else text


def quote_argument(word: str) -> str:
    """Write a word so that it is read as the same; an option keeps its dashes bare."""
    if not word.startswith("--"):
        return quote(word)
    flag, equals, value = word.partition("=")
    return f"{flag}={quote(value)}" if equals else flag


def _words(line: CommandLine) -> list[str]:
    if line.command.text == "expect":
        left, operator, right = line.words
        return [format_word(left, _COMPARING), operator.plain or "", format_word(right, _COMPARING)]
    words = [format_word(word) for word in line.words]
    if words and words[0].startswith("=") and line.command.text != "let":
        words[0] = f"\\{words[0]}"
    return words


def _continues(parts: Sequence[Part], index: int) -> bool:
    """Whether the part at `index` stands inside the same `"…"` as the one before it.

    Two texts never do, they would have been one, and an empty text stands in quotes of its own.
    """
    if not 0 < index < len(parts):
        return False
    pair = parts[index - 1 : index + 1]
    texts = [part.text for part in pair if isinstance(part, Text)]
    return all(part.quote == '"' for part in pair) and len(texts) < 2 and "" not in texts


def _text(part: Text, special: re.Pattern[str]) -> str:
    if part.quote == '"':
        return _IN_DOUBLE.sub(_escaped, part.text)
    if part.quote == "'" or not _ESCAPABLE.match(part.text):
        return _quoted(part.text)
    return special.sub(_escaped, part.text)


def _reference(part: Reference, *, last: bool) -> str:
    if part.environment:
        return f"${{env:{part.name}}}"
    name = f"{part.name}.{part.field}" if part.field else part.name
    return f"${name}" if last else f"${{{name}}}"


def _heredoc(heredoc: Heredoc) -> str:
    body = "".join(_body_part(part, literal=heredoc.literal) for part in heredoc.body.parts)
    tag = heredoc.tag
    while closing_mark(tag).search(body):
        tag += "_"
    mark = f"'{tag}'" if heredoc.literal else tag
    return "\n".join([f"<<{mark}", body, tag] if body else [f"<<{mark}", tag])


def _body_part(part: Part, *, literal: bool) -> str:
    if isinstance(part, Reference):
        return _reference(part, last=False)
    return part.text if literal else _IN_BODY.sub(_escaped, part.text)


def _quoted(text: str) -> str:
    return f"'{text}'" if "'" not in text else f'"{_IN_DOUBLE.sub(_escaped, text)}"'


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[0]}"
