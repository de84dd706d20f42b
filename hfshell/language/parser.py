"""From tokens to command lines. Whatever the text, only `SyntaxFault` comes out, with its place."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NoReturn

from hfshell.language.lexer import lex_source
from hfshell.language.source import Source, Span, excerpt
from hfshell.language.tokens import COMPARISONS, Token, Word
from hfshell.language.tree import CommandLine, Heredoc, Name, Parameter, Redirect, Script

if TYPE_CHECKING:
    from hfshell.language.tokens import TokenKind

_FORMS = {
    "let": "let NAME = VALUE",
    "param": "param NAME, or param NAME = DEFAULT",
    "expect": "expect LEFT OP RIGHT, where OP is one of == != < <= > >= ~",
}


def parse_script(text: str, file: str = "<session>", line: int = 1) -> Script:
    """Parse a text of any number of lines.

    Args:
        text: the text; a byte order mark before it is skipped.
        file: where it comes from, as errors name it.
        line: number of its first line there.

    Raises:
        SyntaxFault: it is not the language.
    """
    return parse_source(Source(text.removeprefix("\ufeff"), file, line))


def parse_line(text: str, file: str = "<session>", line: int = 1) -> CommandLine | None:
    """Parse the text of one command; None when it is blank or only a comment.

    Raises:
        SyntaxFault: it is not the language, or more than one command.
    """
    script = parse_script(text, file, line)
    beyond = script.parameters or script.lines[1:]
    if beyond:
        raise script.source.fault("one command was expected here", beyond[0])
    return script.lines[0] if script.lines else None


def parse_source(source: Source) -> Script:
    """Parse a source, as `parse_script` does a text.

    Raises:
        SyntaxFault: it is not the language.
    """
    lexed = lex_source(source)
    if lexed.fault:
        raise lexed.fault
    parameters: dict[str, Parameter] = {}
    lines: list[CommandLine] = []
    in_header = True
    for statement in lexed.statements:
        tokens = deque(token for token in statement if token.kind != "comment")
        if not tokens:
            continue
        parsed = _Statement(source, tokens).parse()
        if isinstance(parsed, CommandLine):
            lines.append(parsed)
            in_header = in_header and parsed.command.text == "require"
        elif not in_header:
            raise source.fault("param stands in the header alone", parsed, "move it above the first command")
        elif parsed.name.text in parameters:
            raise source.fault(f"param {parsed.name.text} stands here twice", parsed.name, "take one out")
        else:
            parameters[parsed.name.text] = parsed
    return Script(tuple(parameters.values()), tuple(lines), source)


class _Statement:
    """The tokens of one logical line, taken from the left."""

    def __init__(self, source: Source, tokens: deque[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.span = Span(start=tokens[0].start, end=tokens[-1].end)
        self.last = tokens[0]

    def parse(self) -> CommandLine | Parameter:
        """Parse the line."""
        ignored = self.take("operator", "-")
        binding = self.binding()
        command = self.command()
        if command.text == "param":
            return self.parameter(plain=not (ignored or binding))
        if command.text == "let":
            binding = self.declared(plain=not binding)
        words, redirect, heredoc = self.arguments()
        start, end = self.span.start, self.span.end
        line = CommandLine(
            command, words, binding, ignored is not None, redirect, heredoc, self.source, start=start, end=end
        )
        self.check(line)
        return line

    def take(self, kind: TokenKind, raw: str | None = None) -> Token | None:
        """Take the next token if it is of this kind."""
        if not self.tokens or self.tokens[0].kind != kind:
            return None
        if raw is not None and self.raw(self.tokens[0]) != raw:
            return None
        self.last = self.tokens.popleft()
        return self.last

    def next(self) -> Token:
        """Return what a complaint points at: the next token, or at the line's end the last one."""
        return self.tokens[0] if self.tokens else self.last

    def raw(self, span: Span) -> str:
        """Return a span's text as written."""
        return self.source.text[span.start : span.end]

    def fail(self, message: str, span: Span, hint: str | None = None) -> NoReturn:
        """Raise a syntax error that points at the span."""
        raise self.source.fault(message, span, hint)

    def binding(self) -> Name | None:
        """Take `NAME =` if it is there."""
        token = self.take("name")
        if token is None:
            return None
        self.take("operator", "=")
        return self.name(token)

    def name(self, token: Token) -> Name:
        """Return a token's name; `_` stands for the last model and cannot be bound."""
        name = Name(self.raw(token), start=token.start, end=token.end)
        if name.text == "_":
            self.fail("_ is the last model used and cannot be bound", token, "take another name")
        return name

    def command(self) -> Name:
        """Take the command's name."""
        token = self.take("command")
        if token is None or token.word is None:
            self.fail("a command is missing here", self.next(), "a line is [NAME =] COMMAND WORDS …")
        word = token.word
        if word.plain is None:
            self.fail("a command's name cannot come from a reference", word, "write the command itself")
        if not word.plain:
            self.fail("a command's name cannot be empty", word)
        self.check_command(word)
        return Name(word.plain, start=word.start, end=word.end)

    def check_command(self, word: Word) -> None:
        """Say what was probably meant by a first word that no command can have."""
        if word.raw.startswith("!"):
            self.fail("`!` runs a system command at the prompt alone", word, "call it around the script")
        if word.raw.startswith("-"):
            self.fail("a command cannot begin with `-`", word, "a single `-` before it lets the line fail")
        follows = self.tokens[0].word if self.tokens else None
        if "=" in (word.bare or "") or (follows and follows.raw == "="):
            before = excerpt(word.raw.partition("=")[0])
            message = f"`{before}` cannot be a name" if before else "a name is missing before `=`"
            self.fail(message, word, "a name is letters, digits and _, no digit first")

    def declared(self, *, plain: bool) -> Name:
        """Take the `NAME =` behind `let`; nothing may be bound before it."""
        token = self.take("name")
        if not plain or token is None or not self.take("operator", "="):
            self.fail(f"this is not {_FORMS['let']}", self.next())
        return self.name(token)

    def parameter(self, *, plain: bool) -> Parameter:
        """Take what follows `param`; nothing may stand before it."""
        token = self.take("name")
        if not plain or token is None:
            self.fail(f"this is not {_FORMS['param']}", self.next())
        default = self.take("word") if self.take("operator", "=") else None
        if self.tokens or self.raw(self.last) == "=":
            self.fail(f"this is not {_FORMS['param']}", self.next(), "quote a default of several words")
        word = default.word if default else None
        return Parameter(self.name(token), word, self.source, start=self.span.start, end=self.span.end)

    def arguments(self) -> tuple[tuple[Word, ...], Redirect | None, Heredoc | None]:
        """Take words, then a redirect and a heredoc in either order."""
        words: list[Word] = []
        redirect: Redirect | None = None
        heredoc: Heredoc | None = None
        while self.tokens and self.tokens[0].kind != "body":
            self.last = token = self.tokens.popleft()
            if token.kind == "redirect":
                if redirect:
                    self.fail("a line has one redirect at most", token)
                redirect = self.redirect(token)
            elif token.kind == "heredoc":
                if heredoc:
                    self.fail("a line has one heredoc at most", token)
                heredoc = self.heredoc(token)
            elif redirect or heredoc:
                self.fail("a redirect and a heredoc stand last", token, "move this word before them")
            elif token.word:
                words.append(token.word)
        return tuple(words), redirect, heredoc

    def redirect(self, sign: Token) -> Redirect:
        """Take the file behind `>` or `>>`."""
        target = self.take("word")
        if target is None or target.word is None or target.word.plain == "":
            self.fail(f"a file must follow `{self.raw(sign)}`", target or sign)
        append = self.raw(sign) == ">>"
        return Redirect(target.word, append, start=sign.start, end=target.end)

    def heredoc(self, mark: Token) -> Heredoc:
        """Read the heredoc of a mark; its body is the first behind the line."""
        body = next(token for token in self.tokens if token.kind == "body")
        tag = self.raw(mark).lstrip("< \t")
        word = body.word or Word(())
        return Heredoc(word, tag[0] in "'\"", tag.strip("'\""), start=mark.start, end=mark.end)

    def check(self, line: CommandLine) -> None:
        """Hold `let` and `expect` to their forms."""
        command = line.command.text
        if command not in ("let", "expect"):
            return
        extra = line.redirect or line.heredoc
        if extra:
            self.fail(f"{command} takes neither a redirect nor a heredoc", extra)
        if command == "let" and len(line.words) != 1:
            place: Span = line.words[1] if line.words else line
            self.fail(f"this is not {_FORMS[command]}", place, "quote a value of several words")
        if command == "expect" and [word.raw in COMPARISONS for word in line.words] != [False, True, False]:
            hint = "quote a value that holds blanks or one of these"
            self.fail(f"this is not {_FORMS[command]}", line, hint)
