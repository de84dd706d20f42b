"""Markdown documents made by chance, and what the stream makes of one that is cut at given places."""

from __future__ import annotations

import io
from collections.abc import Sequence

from hypothesis import strategies as st

from hfshell.render.console import SafeConsole, make_console
from hfshell.render.streaming.stream import MarkdownStream

WORDS = st.sampled_from(
    [
        "word",
        "a",
        "longer-one",
        "snake_case",
        "5 * 3",
        "e.g.",
        "naïve",
        "数字",
        "*light*",
        "**strong**",
        "`code`",
        "~~gone~~",
        "[link](http://x.y)",
        "![picture](p.png)",
        "\\*",
        "<b>",
        "&amp;",
        "2.",
        "-",
        "#",
        "a|b",
        "_x_",
    ]
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=3).map("\n".join)
HEADING = st.tuples(st.integers(1, 4), SENTENCE).map(lambda pair: f"{'#' * pair[0]} {pair[1]}")
CODE = st.tuples(
    st.sampled_from(["", "python", "json", "c", "unheard-of"]),
    st.lists(
        st.sampled_from(["x = 1", "", "    return 'a'", '"""', "/* no", "# mark", "| a |"]), max_size=30
    ),
).map(lambda pair: "\n".join([f"```{pair[0]}", *pair[1], "```"]))
ITEMS = st.tuples(
    st.sampled_from(["-", "*", "1.", "7."]), st.lists(SENTENCE, min_size=1, max_size=6), st.booleans()
)
TABLE = st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5).map(
    lambda rows: "\n".join(
        ["| one | two |", "|---|--:|", *(f"| {' | '.join(row).replace('a|b', 'ab')} |" for row in rows)]
    )
)


def _list(drawn: tuple[str, list[str], bool]) -> str:
    mark, items, loose = drawn
    lines = [f"{mark} {items[0]}"]
    for place, item in enumerate(items[1:]):
        inner = place % 3 == 2
        lines.append(f"{'   ' if inner else ''}{mark} {item}")
    return ("\n\n" if loose else "\n").join(lines)


LIST = ITEMS.map(_list)
QUOTE = SENTENCE.map(lambda text: f"> {text}\n> and more")
NOISE = st.text(st.sampled_from(list("ab *_`~[]()<>#-+=|\\\n\t>1.\r&;")), max_size=80)
DOCUMENT = st.lists(
    st.one_of(PARAGRAPH, HEADING, CODE, LIST, TABLE, QUOTE, st.just("---"), NOISE), max_size=8
).flatmap(lambda parts: st.sampled_from(["\n\n", "\n"]).map(lambda between: between.join(parts)))


def screen(width: int = 60) -> SafeConsole:
    """A terminal that colours and that nobody sees."""
    return make_console(io.StringIO(), width=width, environ={"FORCE_COLOR": "1", "TERM": "xterm"})


def shown(
    document: str, cuts: Sequence[int] = (), width: int = 60, stream: MarkdownStream | None = None
) -> list[str]:
    """Return the lines that stay of a document that comes in pieces, drawn after each of them."""
    made = stream or MarkdownStream(screen(width), width)
    places = sorted({place % (len(document) + 1) for place in cuts})
    lines = []
    for start, end in zip([0, *places], [*places, len(document)], strict=True):
        made.feed(document[start:end])
        lines += made.advance()
        made.open_lines()
    lines += made.close()
    return [line.plain for line in lines]
