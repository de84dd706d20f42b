"""Manners: errors that people can read, results on any screen, silence, and no device of one's own."""

from __future__ import annotations

import ast
import inspect
import io
import json
import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hfshell.api.results import result_from_dict
from hfshell.api.roles import TYPED
from hfshell.errors import HfshellError, PluginError
from hfshell.testing.outcome import stack_behind
from hfshell.testing.verdict import Fault, NotApplicable

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.testing.row_probe import Rows
    from hfshell.testing.subject import Choose, Subject

_NOBODY_MEANT = "this is a fault in hfshell or a plugin"
"""How the hint of an error begins that nobody meant to raise."""

ODD_TEXTS = (
    "",
    " ",
    "\t\n",
    "word " * 3000,
    "naïve 日本語 العربية 👩🏽‍💻 e\u0301",
    "\x00\x1b[31m",
    "<s>[MASK]</s>",
)
WIDTHS = (40, 80, 120)
_DEVICE = re.compile(r"(cuda|mps|xpu|hpu|npu)(:\d+)?")


def errs_readably(subject: Subject) -> None:
    """Do what users do by mistake: odd texts, a folder of something else, a name that there is not."""
    texts = [role.name for role in subject.spec.roles if role.kind in TYPED]
    if texts and "predict" in subject.spec.capabilities:
        for text in ODD_TEXTS:
            _judge(subject.attempt_prediction(_saying(texts, text)).errors, f"predicting {text!r:.30}")
    stranger = subject.bench.folder / "stranger"
    stranger.mkdir(exist_ok=True)
    (stranger / "notes.txt").write_text("no model\n", encoding="utf-8")
    lines = [f"x = load {stranger} --task {subject.spec.name}"]
    lines += [f"x = load {scheme}:no-such-model" for scheme in subject.spec.schemes]
    for line in lines:
        _judge(subject.attempt(line).errors, line)


def _saying(roles: list[str], text: str) -> Choose:
    def choose(rows: Rows) -> Rows:
        return [{**row, **dict.fromkeys(roles, text)} for row in rows[:2]]

    return choose


def _judge(errors: tuple[HfshellError, ...], doing: str) -> None:
    """Tell an error that was meant from one that just happened."""
    for error in errors:
        if isinstance(error, PluginError) or (error.hint or "").startswith(_NOBODY_MEANT):
            lines = stack_behind(error)[-6:]
            raise Fault(
                f"{doing}: {error.message}",
                "\n".join(["raise a DataError, ModelError or UsageError that says what to do", *lines]),
            )


def shows(subject: Subject) -> None:
    """Put the results of all verbs on screens of several widths, and into JSON."""
    results = list(_results(subject))
    if not results:
        raise NotApplicable("there is no result to show")
    for result in results:
        _require_json(result)
        view = _view(subject, result)
        for width in WIDTHS:
            _require_fits(result, view, width)


def _results(subject: Subject) -> Iterator[Result]:
    spec = subject.spec
    yield from subject.run(subject.line("b = load", subject.base, "load")).results
    name, _ = subject.model, subject.data
    if "predict" in spec.capabilities:
        yield from subject.run(subject.line("p = predict", f"{name} d", "predict")).results
    if "eval" in spec.capabilities:
        yield from subject.run(subject.line("e = eval", f"{name} d", "eval")).results
    if subject.trains:
        yield from subject.run(subject.line("f = finetune", f"{name} d", "finetune")).results


def _require_json(result: Result) -> None:
    made = result.to_dict()
    if result_from_dict(json.loads(json.dumps(made))).to_dict() != made:
        raise Fault(f"a result of the kind {result.kind} changes on its way through JSON")


def _view(subject: Subject, result: Result) -> Any:
    try:
        return subject.session.view_of(result)
    except HfshellError as error:
        raise Fault(error.message, error.hint) from None


def _require_fits(result: Result, view: Any, width: int) -> None:
    from rich.cells import cell_len

    from hfshell.render.console import make_console
    from hfshell.render.results import show

    console = make_console(io.StringIO(), width=width, environ={})
    try:
        show(console, result, view)
    except Exception as error:  # noqa: BLE001 - whatever it is, the result cannot be shown
        raise Fault(f"a result of the kind {result.kind} cannot be shown: {error}") from None
    widest = max((cell_len(line) for line in console.file.getvalue().splitlines()), default=0)  # type: ignore[attr-defined]
    if widest > width:
        raise Fault(f"a result of the kind {result.kind} takes {widest} cells on a screen of {width}")


def leaves_no_trace(subject: Subject) -> None:
    """Read what was printed, and what hfshell had to put right, while the other checks worked."""
    _ = subject.spec
    if printed := subject.printed.getvalue():
        raise Fault(
            f"it printed {len(printed):,} characters, beginning {printed.splitlines()[0][:60]!a}",
            "say it with context.emit(Note(…))",
        )
    said = [note for note in subject.notes if note.startswith(f"plugin {subject.plugin.label} ")]
    if said:
        raise Fault("; ".join(dict.fromkeys(said)))


def names_no_device(subject: Subject) -> None:
    """Read the source of the plugin's package for names of devices."""
    for module in _modules(subject):
        try:
            tree = ast.parse(inspect.getsource(module))
        except (OSError, TypeError, SyntaxError):
            continue
        for node in ast.walk(tree):
            if words := _device_in(node):
                raise Fault(
                    f"{module.__name__}, line {getattr(node, 'lineno', '?')}: {words}",
                    "compute where the model is, or on `context.device`",
                )


def _modules(subject: Subject) -> list[ModuleType]:
    """Return the plugin's own modules that the declarations name, and those beside them in their packages."""
    own = subject.plugin.module.partition(".")[0]
    named = {spec.target.partition(":")[0] for spec in subject.declarations.specs}
    named = {name for name in named if name.partition(".")[0] == own}
    packages = {name.rpartition(".")[0] for name in named} - {""}
    names = named | {
        name for name in sys.modules if any(f"{name}.".startswith(f"{package}.") for package in packages)
    }
    return [sys.modules[name] for name in sorted(names) if name in sys.modules]


def _device_in(node: ast.AST) -> str | None:
    match node:
        case ast.Constant(value=str(text)) if _DEVICE.fullmatch(text):
            return f"it names the device {text!r}"
        case ast.Call(func=ast.Attribute(attr=name)) if _DEVICE.fullmatch(name):
            return f"it calls .{name}()"
    return None
