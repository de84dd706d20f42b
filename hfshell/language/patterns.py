"""The patterns of the lexer. Each matches in one pass: possessive, so that nothing is read twice."""

from __future__ import annotations

import re
from typing import Literal

from hfshell.language.tokens import NAME

Mode = Literal["usual", "expect", "require"]
"""How a line's words are cut: in `expect`, `<` and `>` compare; in `require`, they bound a version."""

_END = r"(?=[ \t\r\n\\]|\Z)"
_GAP = r"(?:[ \t]|\\\r?\n)"

BLANK = re.compile(rf"{_GAP}++")
BINDING = re.compile(rf"(?P<name>{NAME})(?P<gap>{_GAP}*+)(?P<sign>=)(?!=)(?:(?<![ \t\n]=)|{_END})")
DECLARED = re.compile(rf"(?P<name>{NAME})(?=[ \t\r\n\\=]|\Z)")
EQUALS = re.compile(r"=(?!=)")
LINE_END = re.compile(r"\r?\n")
COMMENT = re.compile(r"#(?:[^\r\n]|\r(?!\n))*+")
HEREDOC = re.compile(r"<<[ \t]*+(?:(?P<tag>\w++)|'(?P<single>\w++)'|\"(?P<double>\w++)\")")
REDIRECT = re.compile(r">>?")
COMPARISON = re.compile(r"[=!<>]=|[<>~]")
RESERVED = re.compile(r"([;&|()`<>])\1*+")
ODD_SPACES = re.compile(r"(?:[^\S \t\r\n]|\r(?!\n))++")
NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""What no file name and no terminal can hold."""

# `$` is a reference before a name or a brace, reserved before `(`, and a dollar everywhere else.
_DOLLAR = r"\$(?![^\W\d]|[{(])"
_EXPANSION = rf"""
  (?P<reference>\$(?:
      (?P<name>{NAME})(?:\.(?P<field>{NAME}))?+
    | \{{(?:env:(?P<variable>{NAME})|(?P<braced>{NAME})(?:\.(?P<braced_field>{NAME}))?+)\}}))
 |(?P<broken>\$\{{[^\s{{}}'"]*+\}}?+)
 |(?P<nested>\$\()
"""


def _bare(characters: str) -> re.Pattern[str]:
    return re.compile(
        rf"""
          (?P<text>(?:{characters}|\\(?:\r?\n|[^\r\n])|{_DOLLAR})++)
         |'(?P<single>[^']*+)'
         |(?P<unclosed>')
         |(?P<double>")
         |{_EXPANSION}
         |(?P<stray>\\)
        """,
        re.VERBOSE,
    )


BARE: dict[Mode, re.Pattern[str]] = {
    "usual": _bare(r"""[^\s'"\\$;&|()<>`]++"""),
    "expect": _bare(r"""[^\s'"\\$;&|()<>`=!~]++|=(?!=)|!(?!=)"""),
    "require": _bare(r"""[^\s'"\\$;&|()`]++"""),
}
DOUBLE = re.compile(
    rf"""(?P<text>(?:[^"\\$]++|\\[\s\S]|{_DOLLAR})++)|(?P<close>")|{_EXPANSION}""", re.VERBOSE
)
BODY = re.compile(rf"(?P<text>(?:[^\\$]++|\\[\s\S]|\\\Z|{_DOLLAR})++)|{_EXPANSION}", re.VERBOSE)

BARE_ESCAPE = re.compile(r"\\(?:\r?\n|([\s\S]))")
DOUBLE_ESCAPE = re.compile(r'\\(?:\r?\n|(["$`\\]))')
BODY_ESCAPE = re.compile(r"\\(?:\r?\n|([$`\\]))")


def closing_mark(tag: str) -> re.Pattern[str]:
    """Return the pattern of a line that ends the heredoc `<<TAG`."""
    return re.compile(rf"^{tag}(?=\r?$)", re.MULTILINE)
