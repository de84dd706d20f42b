"""Trees as the parser makes them, and texts that are nearly the language."""

from __future__ import annotations

from hypothesis import strategies as st

from hfshell.language import (
    COMPARISONS,
    CommandLine,
    Heredoc,
    Name,
    Parameter,
    Redirect,
    Reference,
    Script,
    Text,
    Word,
)

NASTY = "ab1_-=.#~!$'\"\\;&|()<>`{}: \t\n\r\u00a0\u2028é"
"""What the language gives a meaning, and what it must not."""

characters = st.one_of(
    st.sampled_from(NASTY), st.characters(exclude_categories=["Cs"], exclude_characters="\0")
)
plain_text = st.text(characters, max_size=8)
names = st.from_regex(r"[^\W\d]\w{0,5}", fullmatch=True).filter(lambda name: name != "_")

any_text = st.one_of(
    st.text(max_size=40),
    st.text(st.sampled_from(NASTY + "\0\ud800"), max_size=40),
    st.lists(
        st.sampled_from(
            [
                "a", "=", " = ", "load", "let ", "param ", "expect ", "require ", "source ", "-", "'", '"',
                "\\", "$", "${", "}", "$x", "${x.y}", "${env:HOME}", "$(", "<<END", "<<'END'", "END",
                "\nEND\n", "\n", "\r\n", " ", "#", ">", ">>", ">=", "==", "~", ";", "\\\n", "x.csv", "1",
            ]
        ),
        max_size=25,
    ).map("".join),
)  # fmt: skip
"""Any text at all, and texts that come near the language."""


def references(quote: str) -> st.SearchStrategy[Reference]:
    """References as they stand in a quote, in a heredoc, or bare."""
    environment = st.builds(Reference, names, st.none(), st.just(value=True), st.just(quote))
    value = st.builds(Reference, names, st.none() | names, st.just(value=False), st.just(quote))
    return environment | value


def _bare_text() -> st.SearchStrategy[Text]:
    allowed = characters.filter(lambda character: character not in "\r\n")
    return st.text(allowed, min_size=1, max_size=8).map(Text)


def _double() -> st.SearchStrategy[list[Text | Reference]]:
    """The parts of one `"…"`: texts and references in turn, or one empty text."""
    texts = st.builds(Text, plain_text.filter(bool), st.just('"'))
    mixed = st.lists(texts | references('"'), min_size=1, max_size=4).map(_without_neighbours)
    return mixed | st.just([Text("", '"')])


def _without_neighbours(parts: list[Text | Reference]) -> list[Text | Reference]:
    """Drop a text behind a text: within one quote the parser would have read one."""
    kept: list[Text | Reference] = []
    for part in parts:
        if kept and isinstance(part, Text) and isinstance(kept[-1], Text):
            continue
        kept.append(part)
    return kept


def _word(groups: list[list[Text | Reference]]) -> Word:
    parts: list[Text | Reference] = []
    for group in groups:
        behind_bare = parts and isinstance(parts[-1], Text) and parts[-1].quote == ""
        if behind_bare and isinstance(group[0], Text) and group[0].quote == "":
            continue
        parts.extend(group)
    return Word(tuple(parts))


single = st.builds(Text, plain_text.filter(lambda text: "'" not in text), st.just("'")).map(
    lambda part: [part]
)
words = st.lists(
    _bare_text().map(lambda part: [part]) | references("").map(lambda part: [part]) | single | _double(),
    min_size=1,
    max_size=4,
).map(_word)

commands = st.sampled_from(
    ["load", "finetune", "x-y", "a b", "=", "é", "a=b", "-x", "!ls", "#", "require"]
).map(Name)
redirects = st.builds(Redirect, words.filter(lambda word: word.plain != ""), st.booleans())
heredocs = st.one_of(
    st.builds(
        Heredoc,
        st.lists(st.builds(Text, plain_text.filter(bool), st.just("<<")) | references("<<"), max_size=4)
        .map(_without_neighbours)
        .map(tuple)
        .map(Word),
        st.just(value=False),
    ),
    st.builds(
        Heredoc,
        plain_text.map(lambda text: Word((Text(text, "<<"),) if text else ())),
        st.just(value=True),
    ),
    st.just(Heredoc(Word((Text("END\nEND_\n", "<<"),)))),
)


def _usual(line: CommandLine) -> CommandLine:
    """`require` takes neither redirect nor heredoc."""
    if line.command.text != "require":
        return line
    return CommandLine(line.command, line.words, line.binding, line.ignore_error)


usual_lines = st.builds(
    CommandLine,
    commands,
    st.lists(words, max_size=4).map(tuple),
    st.none() | names.map(Name),
    st.booleans(),
    st.none() | redirects,
    st.none() | heredocs,
).map(_usual)
let_lines = st.builds(
    CommandLine, st.just(Name("let")), words.map(lambda word: (word,)), names.map(Name), st.booleans()
)
expect_lines = st.builds(
    CommandLine,
    st.just(Name("expect")),
    st.tuples(words, st.sampled_from(COMPARISONS).map(lambda sign: Word((Text(sign),))), words),
    st.none(),
    st.booleans(),
)
lines = usual_lines | let_lines | expect_lines
parameters = st.lists(
    st.builds(Parameter, names.map(Name), st.none() | words), max_size=3, unique_by=lambda item: item.name
)
scripts = st.builds(Script, parameters.map(tuple), st.lists(lines, max_size=4).map(tuple))
