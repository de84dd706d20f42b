r"""The language of hfshell: text, tokens, command lines.

A text is a list of lines, each blank, a comment, a `param` line of the header, or one command::

    line  := ["-"] [NAME "="] COMMAND word* [(">"|">>") word] ["<<"END]
    param := "param" NAME ["=" word]

**Lines** end with a newline, or with a carriage return and one. A `\` at the end of a line continues it.
`#` begins a comment where a word could begin, so `issue#1` is a word; a first line `#!…` is a comment too.
There is one command a line.

**Words** are quoted as in a POSIX shell. `'…'` means exactly what stands in it. In `"…"` a backslash escapes
`$`, `` ` ``, `"`, `\` and a line end, and stays itself before anything else. Outside quotes it escapes any
one character. Adjacent parts are one word: `a'b'"c"` is `abc`. Line ends may stand inside quotes.

**References** expand everywhere but in `'…'` and in a heredoc whose mark is quoted::

    $NAME  ${NAME}              the plain value NAME
    $NAME.field  ${NAME.field}  a field of the result NAME
    ${env:VARIABLE}             a variable of the environment

One word stays one word: what a reference stands for is never split, globbed or expanded again, and an
undefined name is an error. `$NAME.` takes what follows the dot as a field when it is a name, so text behind
a value is written `${NAME}.csv`. A `$` that comes before neither a name nor `{` is a dollar sign, as in
`"costs $5"`; `$(` is reserved, even in `"…"`. A name is letters, digits and `_`, and begins with no digit.

**Binding.** `NAME = COMMAND …` binds the result; blanks around `=` are both there or not before it
(`a = load x`, `a=load x`, `a= load x`). `_` is the last model used and cannot be bound. `let NAME = VALUE`
binds one word as a plain value. `param NAME = DEFAULT` in the header declares a value that the caller gives;
without a default it must be given. Only `require` may stand before a `param`.

**A leading `-`** lets the line fail.

**Redirects** `> FILE` and `>> FILE`, and one **heredoc**, stand last::

    predict router <<END        expands references; `\` escapes `$`, `` ` ``, `\` and a line end
    My card was charged ${count} times.
    END

`<<'END'` is literal. The text is the lines before the one that is END and nothing else, without a line end
after the last.

**`expect LEFT OP RIGHT`** compares with `==`, `!=`, `<`, `<=`, `>`, `>=` or `~`; these end a word wherever
they stand in it, and are quoted to mean themselves. A side written `NAME.field` without quotes is that field.
It takes no redirect. In **`require`**, `<` and `>` belong to the version: `require hfshell-x>=0.3`.

**Reserved**, so that the language can grow: `;`, `&`, `|`, `(`, `)`, `` ` ``, and `<` and `>` where they are
no redirect. Quoted they mean themselves. Spaces other than blank and tab must be quoted, too.

This package reads text and nothing else: no files, no terminal, no session.
"""

from hfshell.language.cursor import Cursor, CursorKind, cursor_at, cursor_at_end
from hfshell.language.expansion import Lookup, expand
from hfshell.language.formatting import (
    format_line,
    format_parameter,
    format_script,
    format_word,
    quote,
    quote_argument,
)
from hfshell.language.lexer import is_incomplete, lex
from hfshell.language.parser import parse_line, parse_script, parse_source
from hfshell.language.source import Source, Span
from hfshell.language.suggest import did_you_mean, nearest
from hfshell.language.tokens import (
    COMPARISONS,
    Incomplete,
    Lexed,
    Part,
    Quote,
    Reference,
    Text,
    Token,
    TokenKind,
    Word,
)
from hfshell.language.tree import CommandLine, Heredoc, Name, Parameter, Redirect, Script

__all__ = [
    "COMPARISONS",
    "CommandLine",
    "Cursor",
    "CursorKind",
    "Heredoc",
    "Incomplete",
    "Lexed",
    "Lookup",
    "Name",
    "Parameter",
    "Part",
    "Quote",
    "Redirect",
    "Reference",
    "Script",
    "Source",
    "Span",
    "Text",
    "Token",
    "TokenKind",
    "Word",
    "cursor_at",
    "cursor_at_end",
    "did_you_mean",
    "expand",
    "format_line",
    "format_parameter",
    "format_script",
    "format_word",
    "is_incomplete",
    "lex",
    "nearest",
    "parse_line",
    "parse_script",
    "parse_source",
    "quote",
    "quote_argument",
]
