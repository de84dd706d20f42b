"""Words → typed options. click does the parsing; every word keeps its place, so that errors point at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, dataclass
from typing import Any

import click

from hfshell.api.options import OptionField, option_fields
from hfshell.api.specs import CommandSpec
from hfshell.errors import Place, UsageError
from hfshell.language.suggest import did_you_mean

Trace = list[tuple[OptionField, int]]
"""Which option took which word, in the order in which click read them."""

_MARK = "\ue000"  # private use: stands around a word's number on its way through click


@dataclass(frozen=True)
class Argument:
    """A word of a command line after expansion.

    Attributes:
        text: its text; None when it cannot be known yet (a reference, while checking).
        option_like: it began with an unquoted `-`, so it may name an option.
        place: where it stands.
        flag: `--name=`, when only what follows cannot be known yet.
    """

    text: str | None
    option_like: bool
    place: Place
    flag: str = ""


@dataclass(frozen=True)
class Parsed:
    """A command's options, and those that a task adds to them.

    Attributes:
        options: instance of `CommandSpec.options`.
        task_options: instance of the task's dataclass; None without one.
        given: names of the fields that were given rather than defaulted.
    """

    options: Any
    task_options: Any
    given: frozenset[str]


def parse(
    spec: CommandSpec,
    arguments: Sequence[Argument],
    place: Place,
    task_options: type | None = None,
    trace: Trace | None = None,
) -> Parsed:
    """Read a command's words.

    Args:
        spec: the command.
        arguments: its words, without the command's own.
        place: of the command word, for what is missing.
        task_options: dataclass of options that a task adds.
        trace: filled with the option that took each word.

    Raises:
        UsageError: an unknown option, a value that does not fit, something missing or left over.
    """
    own = option_fields(spec.options)
    if spec.raw:
        return _raw(spec, own, arguments)
    added = option_fields(task_options) if task_options else ()
    values, given = _run_click(spec, (*own, *added), arguments, place, [] if trace is None else trace)
    return Parsed(
        options=_made(spec.options, _chosen(own, values), place),
        task_options=_made(task_options, _chosen(added, values), place) if task_options else None,
        given=given,
    )


def _made(declared: type, values: dict[str, Any], place: Place) -> Any:
    """Make the options; what their class refuses is told in its own words."""
    try:
        return declared(**values)
    except ValueError as error:
        raise UsageError(str(error), place=place) from None


def _raw(spec: CommandSpec, own: Sequence[OptionField], arguments: Sequence[Argument]) -> Parsed:
    words = tuple(argument.text or "" for argument in arguments)
    return Parsed(spec.options(**{own[0].name: words}), None, frozenset({own[0].name}))


def _chosen(fields: Sequence[OptionField], values: dict[str, Any]) -> dict[str, Any]:
    return {field.name: values[field.name] for field in fields}


def _run_click(
    spec: CommandSpec,
    fields: Sequence[OptionField],
    arguments: Sequence[Argument],
    place: Place,
    trace: Trace,
) -> tuple[dict[str, Any], frozenset[str]]:
    parameters = [_parameter(field, arguments, trace) for field in fields]
    command = click.Command(spec.name, params=parameters, add_help_option=False)
    words = [_for_click(index, argument) for index, argument in enumerate(arguments)]
    try:
        with command.make_context(spec.name, words) as context:
            given = frozenset(
                name
                for name in context.params
                if context.get_parameter_source(name) == click.core.ParameterSource.COMMANDLINE
            )
            return _plain(context.params, fields), given
    except click.UsageError as error:
        raise _explain(error, spec, fields, arguments, place) from None


def _for_click(index: int, argument: Argument) -> str:
    if argument.option_like and argument.text is not None:
        return argument.text
    return f"{argument.flag}{_MARK}{index}{_MARK}"


def _plain(params: dict[str, Any], fields: Sequence[OptionField]) -> dict[str, Any]:
    values = {}
    for field in fields:
        value = params[field.name]
        if field.many:
            value = tuple(value or ())
        elif value is None and not field.optional and field.default is not MISSING:
            value = field.default
        values[field.name] = value
    return values


class _Word(click.ParamType[Any]):
    """Finds a word by its number again, and converts it as its declaration says."""

    def __init__(self, field: OptionField, arguments: Sequence[Argument], trace: Trace) -> None:
        self._inner = _click_type(field)
        self.name = self._inner.name
        self._field = field
        self._arguments = arguments
        self._trace = trace

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        argument = self._argument(value)
        if argument is not None and argument.text is None:
            return value  # not known yet: whatever it turns out to be is checked when the line runs
        text = value if argument is None else argument.text
        try:
            return self._inner.convert(text, param, ctx)
        except click.BadParameter as error:
            where = argument.place if argument else self._inline_place(str(value))
            label = _label(param)
            raise UsageError(f"{label}: {_lowered(error.message)}", place=where) from None

    def _argument(self, value: Any) -> Argument | None:
        if not isinstance(value, str) or not value.startswith(_MARK):
            return None
        index = int(value.strip(_MARK))
        self._trace.append((self._field, index))
        return self._arguments[index]

    def _inline_place(self, value: str) -> Place | None:
        """Find a value that click got as text: it stands behind `--name=`, or begins with a dash."""
        return next(
            (
                argument.place
                for argument in self._arguments
                if argument.option_like and (argument.text or "").rpartition("=")[2] == value
            ),
            None,
        )


def _parameter(field: OptionField, arguments: Sequence[Argument], trace: Trace) -> click.Parameter:
    kind = _Word(field, arguments, trace)
    if field.info.positional:
        default = {} if field.required or field.many else {"default": field.default}
        return click.Argument(
            [field.name],
            type=kind,
            nargs=-1 if field.many else 1,
            required=field.required,
            metavar=field.flag,
            **default,
        )
    if field.type is bool:
        return click.Option([f"{field.flag}/--no-{field.flag[2:]}", field.name], default=field.default)
    extra: dict[str, Any] = {}
    if field.info.optional_value is not None:
        extra = {"is_flag": False, "flag_value": field.info.optional_value}
    short = [f"-{field.name}"] if len(field.name) == 1 else []  # `-n 20` is how other shells have it
    return click.Option(
        [*short, field.flag, field.name],
        type=kind,
        multiple=field.many,
        default=None if field.many else field.default,
        **extra,
    )


def _click_type(field: OptionField) -> click.ParamType[Any]:
    info = field.info
    if info.choices:
        return click.Choice(info.choices)
    if field.type is int:
        return click.IntRange(_whole(info.minimum), _whole(info.maximum))
    if field.type is float:
        return click.FloatRange(info.minimum, info.maximum)
    return click.STRING


def _whole(bound: float | None) -> int | None:
    return None if bound is None else int(bound)


def _explain(
    error: click.UsageError,
    spec: CommandSpec,
    fields: Sequence[OptionField],
    arguments: Sequence[Argument],
    place: Place,
) -> UsageError:
    usage = f"usage: {usage_line(spec)}"
    if isinstance(error, click.NoSuchOption):
        where = _named(arguments, error.option_name) or place
        flags = [field.flag for field in fields if not field.info.positional]
        hint = did_you_mean(error.option_name, flags) or f"`help {spec.name}` lists its options"
        return UsageError(f"there is no option {error.option_name}", place=where, hint=hint)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return UsageError(f"{spec.name} wants {_label(error.param)}", place=place, hint=usage)
    if isinstance(error, click.BadOptionUsage):
        where = _named(arguments, error.option_name) or place
        return UsageError(_lowered(error.message), place=where, hint=usage)
    left_over = [argument for argument in arguments if not argument.option_like]
    where = left_over[-1].place if left_over else place
    return UsageError(f"{spec.name}: there is a word too many", place=where, hint=usage)


def usage_line(spec: CommandSpec) -> str:
    """One line: `finetune MODEL DATA [OPTIONS]`."""
    parts = [spec.name]
    fields = option_fields(spec.options)
    for field in fields:
        if field.info.positional:
            name = (
                f"{field.flag}…"
                if field.many and "[" not in field.flag and " " not in field.flag
                else field.flag
            )
            parts.append(name if field.required else f"[{name}]")
    if any(not field.info.positional for field in fields):
        parts.append("[OPTIONS]")
    return " ".join(parts)


def _named(arguments: Sequence[Argument], flag: str) -> Place | None:
    for argument in arguments:
        if argument.option_like and (argument.text or "").split("=")[0] == flag:
            return argument.place
    return None


def _label(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return "this word"
    if isinstance(parameter, click.Argument):
        return parameter.metavar or parameter.name or "a word"
    return parameter.opts[-1]


def _lowered(message: str) -> str:
    text = message.rstrip(".").replace(_MARK, "")
    text = text.replace("a valid integer range", "a whole number").replace("a valid float range", "a number")
    return text[:1].lower() + text[1:]
