"""Names: bound before use, and to the kind of thing that is due."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hfshell.checking.binding import tasks_of
from hfshell.checking.diagnostics import Diagnostic
from hfshell.checking.disk import path_of
from hfshell.checking.fields import may_have_errors, why_no_field
from hfshell.checking.scene import SPLITS, Scene, is_split, split_named
from hfshell.checking.symbols import CURRENT, IN_WORDS, Kind, Symbol
from hfshell.commands.show import ERRORS
from hfshell.language import did_you_mean

if TYPE_CHECKING:
    from hfshell.checking.reading import Given, ReadLine
    from hfshell.errors import Place
    from hfshell.language import Reference, Source, Word


def check_references(word: Word, source: Source, scene: Scene) -> Iterator[Diagnostic]:
    """Check that what a word refers to is bound by now, and can be read as the reference wants."""
    for reference in word.references:
        if not reference.environment:
            yield from _reference(reference, source.place(reference), scene)


def check_names(read: ReadLine, scene: Scene) -> Iterator[Diagnostic]:
    """Check the words that name what is bound."""
    for given in read.given:
        if given.text is None:
            continue
        match given.option.info.complete:
            case "name":
                yield from _bound(read, given, given.text, scene)
            case "data" if read.spec.name != "data" and scene.is_own(read.spec):
                yield from data_word(given.text, given.place, scene)
            case "text" if read.spec.name == "predict":
                yield from _text(read, given, given.text, scene)
    if read.spec.name == "unload" and read.value("park"):
        yield from _parked(read, scene)


def check_expectation(read: ReadLine, scene: Scene) -> Iterator[Diagnostic]:
    """Check the sides of an `expect` that are written NAME.field, and that what is compared has an order."""
    line = read.line
    if read.spec.name != "expect" or len(line.words) != 3:
        return
    for word in line.words[::2]:
        named = _name_and_field(word)
        if named:
            place = line.place(word)
            hint = f"bind it first: {named[0]} = …; or quote it to mean the text itself"
            yield from _member(*named, place, scene, hint)
        elif line.words[1].raw not in ("==", "!=") and _is_no_number(scene.symbols.text_of(word)):
            message = f"{scene.symbols.text_of(word)} is no number: only numbers have an order"
            yield Diagnostic("no-order", message, line.place(word), "compare it with == or !=")


def data_word(text: str, place: Place, scene: Scene) -> Iterator[Diagnostic]:
    """Check a word where a data set is due: a name, `NAME.split`, a file or a folder."""
    symbols = scene.symbols
    name, _, split = text.partition(".")
    symbol = symbols.find(name)
    if symbol is not None and symbol.kind == "data":
        yield from _split(name, split, symbol, place)
    elif symbol is not None and symbol.kind is not None and (not split or is_split(split)):
        yield wrong_kind(name, symbol, "data", place)
    elif _may_be_there(text, symbol, scene):
        return
    elif scene.is_file_name(text):
        yield scene.missing_file(text, place)
    else:
        yield scene.unbound(name if is_split(split) or not split else text, place)


def means_data(read: ReadLine, given: Given, scene: Scene) -> bool:
    """Whether a word of `predict` means data rather than a text: it stands alone, and without quotes.

    So do a bound data set, a split, a file and a folder. A file that is no data file is none where the task
    may read files: it is one picture, or one sound.
    """
    text = given.text
    alone = len(read.of(given.option.name)) == 1 and given.word.bare is not None
    if text is None or not alone or " " in text:
        return False
    name, dot, split = text.partition(".")
    symbol = scene.symbols.find(name)
    if symbol is not None and symbol.kind == "data":
        return True
    if dot and name and (split in SPLITS or scene.is_file_name(text)):
        return True
    return scene.disk.exists(text) and (path_of(text).is_dir() or not _may_read_files(read, scene))


def wrong_kind(name: str, symbol: Symbol, due: Kind, place: Place) -> Diagnostic:
    """Report a name that holds something else than is due."""
    where = f"line {symbol.line} binds it" if symbol.line else None
    return Diagnostic("wrong-kind", f"{name} is {symbol.described}, not {IN_WORDS[due]}", place, where)


def _may_read_files(read: ReadLine, scene: Scene) -> bool:
    """Whether a line may be of a task whose texts are names of files."""
    tasks = tasks_of(read, scene)
    known = {spec.name: spec.roles for spec in scene.plugins.tasks()}
    return tasks is None or any(
        name not in known or any(role.kind == "file" and not role.target for role in known[name])
        for name in tasks
    )


def _may_be_there(text: str, symbol: Symbol | None, scene: Scene) -> bool:
    """Whether a word that names no data may be some all the same: a file, a set of the Hub, who knows."""
    unknown = scene.symbols.anything or (symbol is not None and symbol.kind is None)
    return unknown or "/" in text or scene.disk.is_there(text)


def _reference(reference: Reference, place: Place, scene: Scene) -> Iterator[Diagnostic]:
    name, field = reference.name, reference.field
    symbols = scene.symbols
    symbol = symbols.result if name == CURRENT else symbols.find(name)
    if symbol is None:
        if not symbols.is_bound(name):
            yield scene.unbound(name, place)
    elif field is None:
        if symbol.kind not in (None, "value"):
            hint = "take one of its fields, ${" + name + ".FIELD}" if symbol.kind == "result" else None
            yield Diagnostic("wrong-kind", f"{name} is {symbol.described}, not a plain value", place, hint)
    elif symbol.kind == "value":
        hint = f"to put text behind it write ${{{name}}}.{field}"
        yield Diagnostic("unknown-field", f"{name} has no fields", place, hint)
    elif why := why_no_field(symbol, name, field):
        yield Diagnostic("unknown-field", why[0], place, why[1])


def _member(
    name: str, field: str, place: Place, scene: Scene, otherwise: str | None = None
) -> Iterator[Diagnostic]:
    """Check `NAME.field` where a result is due."""
    symbol = scene.symbols.result if name == CURRENT else scene.symbols.find(name)
    if symbol is None:
        if not scene.symbols.is_bound(name):
            yield scene.unbound(name, place, otherwise)
    elif why := why_no_field(symbol, name, field):
        yield Diagnostic("unknown-field", why[0], place, why[1])


def _bound(read: ReadLine, given: Given, text: str, scene: Scene) -> Iterator[Diagnostic]:
    """Check a word where a bound name is due, and nothing else will do."""
    name, _, rest = text.partition(".")
    symbol = scene.symbols.find(name)
    shown = scene.symbols.result if name == CURRENT else symbol
    if read.spec.name == "show" and rest == ERRORS and shown is not None and may_have_errors(shown):
        return
    if name == CURRENT and rest:
        yield from _member(name, rest, given.place, scene)
    elif symbol is None:
        if not scene.symbols.is_bound(name):
            yield scene.unbound(name, given.place)
    elif read.spec.name == "show" and rest:
        if symbol.kind == "data":
            yield from _split(name, rest, symbol, given.place)
        else:
            yield from _member(name, rest, given.place, scene)


def _text(read: ReadLine, given: Given, text: str, scene: Scene) -> Iterator[Diagnostic]:
    """Check a word of `predict` that means data rather than a text."""
    if means_data(read, given, scene):
        yield from data_word(text, given.place, scene)


def _parked(read: ReadLine, scene: Scene) -> Iterator[Diagnostic]:
    for given in read.of("names"):
        symbol = scene.symbols.find(given.text or "")
        if symbol is not None and symbol.kind in ("result", "value"):
            message = f"{given.text} is {symbol.described}: only models and data can be parked"
            yield Diagnostic("wrong-kind", message, given.place)


def _split(name: str, split: str, symbol: Symbol, place: Place) -> Iterator[Diagnostic]:
    meant = split_named(split)
    if split and meant is None:
        hint = did_you_mean(split, SPLITS) or f"splits are {', '.join(SPLITS)}"
        yield Diagnostic("unknown-split", f"{name} has no split {split}", place, hint)
    elif meant is not None and symbol.splits is not None and meant not in symbol.splits:
        there = " and ".join(f"{name}.{known}" for known in SPLITS if known in symbol.splits)
        yield Diagnostic("unknown-split", f"{name}.{split} has no rows", place, f"there is {there}")


def _name_and_field(word: Word) -> tuple[str, str] | None:
    name, _, field = (word.bare or "").partition(".")
    return (name, field) if name.isidentifier() and field.isidentifier() else None


def _is_no_number(text: str | None) -> bool:
    if text is None:
        return False
    try:
        return float(text) != float(text)
    except ValueError:
        return True
