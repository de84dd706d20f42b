"""The documentation as data: its pages, headings, blocks of code and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = (*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md")))
"""All pages, those beside the sources too."""

PLUGIN_PAGES = tuple(page for page in PAGES if page.parent.name == "plugins")

_MARKDOWN = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        page: the page that it stands on.
        line: of its fence, from 1.
        language: what stands behind the fence: `python`, `sh`, `text`.
        text: what stands in it.
    """

    page: Path
    line: int
    language: str
    text: str

    @property
    def file(self) -> str | None:
        """The file that it is, when its first line says so: `# hfshell_urgency/plugin.py`."""
        found = re.match(r"# ([\w./-]+\.(?:py|toml|hfsh|csv))\n", self.text)
        return found[1] if found else None

    def __str__(self) -> str:
        return f"{name_of(self.page)}:{self.line}"


@dataclass(frozen=True)
class Heading:
    """A heading: its depth, and its text without marks."""

    page: Path
    level: int
    text: str

    @property
    def anchor(self) -> str:
        """What a link to it has behind the `#`, as GitHub makes it."""
        kept = re.sub(r"[^\w\- ]", "", self.text.lower())
        return kept.replace(" ", "-")


def name_of(page: Path) -> str:
    """Return a page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    return [
        Block(page, (token.map or [0])[0] + 1, token.info.strip(), token.content)
        for token in _tokens(page)
        if token.type == "fence"
    ]


def headings(page: Path) -> list[Heading]:
    """Return the headings of a page."""
    tokens = _tokens(page)
    return [
        Heading(page, int(token.tag[1:]), _plain(tokens[index + 1]))
        for index, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def links(page: Path) -> Iterator[str]:
    """Yield where the links of a page lead."""
    for token in _tokens(page):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrGet("href"))


def words_in_code(page: Path) -> set[str]:
    """Return what a page says in code: between backticks, in headings and in Python, and each word of it."""
    said = [heading.text for heading in headings(page)]
    said += [block.text for block in blocks(page) if block.language == "python"]
    for token in _tokens(page):
        said += [child.content for child in token.children or () if child.type == "code_inline"]
    return {*said, *re.findall(r"[\w-]+", "\n".join(said))}


def _tokens(page: Path) -> list[Token]:
    return _MARKDOWN.parse(page.read_text(encoding="utf-8"))


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())
