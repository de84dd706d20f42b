"""What `help WORD…` means: a command, an option of it, a bound name, a task, a setting, a topic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from hfshell.api.results import HelpPage
from hfshell.commands.help_names import name_page
from hfshell.commands.help_pages import page
from hfshell.commands.help_subjects import alias_page, field_page, setting_page, task_page, topic_page
from hfshell.commands.help_topics import TOPICS
from hfshell.commands.task_options import all_fields
from hfshell.errors import UsageError
from hfshell.language.suggest import did_you_mean
from hfshell.settings import DECLARATIONS

if TYPE_CHECKING:
    from hfshell.api.options import OptionField
    from hfshell.api.requests import NameInfo
    from hfshell.api.specs import CommandSpec
    from hfshell.commands.local import LocalContext


def explain(context: LocalContext, words: Sequence[str]) -> HelpPage:
    """Return the page on what was asked for.

    Args:
        context: the surroundings.
        words: at least one: a command, perhaps with one of its options or arguments, or anything with a name.

    Raises:
        UsageError: nothing has this name; the nearest one is offered.
    """
    first, *others = words
    spec = context.commands.find(first)
    if spec is not None and others:
        return _inside(context, spec, others)
    if spec is not None:
        return page(spec, context.plugins)
    if first.startswith("-"):
        return _option(context, first)
    for find in (_alias, _bound_name, _task, _setting, _topic):
        if found := find(context, first):
            return found
    known = [*context.commands.names(), *_others(context)]
    raise UsageError(f"there is no help on {first}", hint=did_you_mean(first, known) or "`help` lists all")


def explain_at(context: LocalContext, command: str, words: Sequence[str]) -> HelpPage:
    """Return the page on the last word of an unfinished line, as far as anything is known of it.

    Args:
        context: the surroundings.
        command: the line's command.
        words: what follows it, up to the word that is asked about; none asks about the command.

    Raises:
        UsageError: there is no such command.
    """
    spec = context.commands.find(command)
    if spec is None or not words:
        return explain(context, [command])
    *before, word = words
    if spec.name == "help":
        return explain(context, words)
    if not word.startswith("-") and (found := _bound_name(context, word)):
        return found
    fields = all_fields(spec, context.plugins)
    if spec.name == "set" and not before and word in DECLARATIONS:
        return setting_page(DECLARATIONS[word])
    field = _named(fields, word.partition("=")[0]) if word.startswith("-") else _taking(fields, before)
    if field is None and word.startswith("--"):
        raise _no_option(spec, word, fields)
    return page(spec, context.plugins) if field is None else field_page(spec, field, context.plugins)


def _inside(context: LocalContext, spec: CommandSpec, others: Sequence[str]) -> HelpPage:
    word = others[-1]
    if spec.name == "set" and word in DECLARATIONS:
        return setting_page(DECLARATIONS[word])
    fields = all_fields(spec, context.plugins)
    field = _named(fields, word) or _named(fields, f"--{word}")
    if field is None:
        raise _no_option(spec, word, fields)
    return field_page(spec, field, context.plugins)


def _no_option(spec: CommandSpec, word: str, fields: Sequence[OptionField]) -> UsageError:
    hint = did_you_mean(word, [field.flag for field in fields]) or f"`help {spec.name}` lists its options"
    return UsageError(f"{spec.name} has no {word}", hint=hint)


def _named(fields: Sequence[OptionField], flag: str) -> OptionField | None:
    """Find a field by its flag, also by its `--no-` twin; an argument by its name in capitals."""
    flags = (flag, flag.upper(), flag.replace("--no-", "--", 1))
    return next((field for field in fields if field.flag in flags), None)


def _taking(fields: Sequence[OptionField], before: Sequence[str]) -> OptionField | None:
    """Find the field that takes the word behind these: an option that waits for its value, or an argument."""
    arguments = [field for field in fields if field.info.positional]
    pending: OptionField | None = None
    count = 0
    for word in before:
        if word.startswith("-"):
            found = _named(fields, word.partition("=")[0])
            pending = found if found is not None and found.type is not bool and "=" not in word else None
        elif pending is not None:
            pending = None
        else:
            count += 1
    if pending is not None:
        return pending
    if count < len(arguments):
        return arguments[count]
    return arguments[-1] if arguments and arguments[-1].many else None


def _option(context: LocalContext, flag: str) -> HelpPage:
    """Explain an option that stands alone: by its command, or by all that have it."""
    found = list(_having(context, flag))
    if not found:
        raise UsageError(f"no command has the option {flag}", hint="`help COMMAND` lists a command's options")
    if len(found) == 1:
        return field_page(*found[0], context.plugins)
    terms = tuple((f"help {spec.name} {field.flag}", field.info.help) for spec, field in found)
    return HelpPage(
        name=flag, usage=flag, summary=f"An option of {len(found)} commands",
        description="", options=(), examples=(), terms=terms,
    )  # fmt: skip


def _having(context: LocalContext, flag: str) -> Iterator[tuple[CommandSpec, OptionField]]:
    for name in context.commands.names():
        spec = context.commands.get(name)
        field = _named(all_fields(spec, context.plugins), flag)
        if field is not None:
            yield spec, field


def _alias(context: LocalContext, word: str) -> HelpPage | None:
    aliases = context.preferences.aliases
    return alias_page(word, aliases[word]) if word in aliases else None


def _bound_name(context: LocalContext, word: str) -> HelpPage | None:
    name, dot, member = word.partition(".")
    info: NameInfo | None = next((info for info in context.known_names() if info.name == name), None)
    return name_page(info, member if dot else "") if info else None


def _task(context: LocalContext, word: str) -> HelpPage | None:
    names = context.plugins.task_names()
    return task_page(context.plugins.task(word)) if word in names else None


def _setting(_: LocalContext, word: str) -> HelpPage | None:
    return setting_page(DECLARATIONS[word]) if word in DECLARATIONS else None


def _topic(_: LocalContext, word: str) -> HelpPage | None:
    return topic_page(TOPICS[word]) if word in TOPICS else None


def _others(context: LocalContext) -> Iterator[str]:
    yield from context.preferences.aliases
    yield from (info.name for info in context.known_names())
    sources: tuple[Callable[[], Sequence[str]], ...] = (
        context.plugins.task_names, lambda: tuple(DECLARATIONS), lambda: tuple(TOPICS),
    )  # fmt: skip
    for names in sources:
        yield from names()
