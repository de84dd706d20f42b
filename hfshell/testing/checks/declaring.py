"""What a plugin says of itself: its light module, its declarations, and what they name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

from hfshell.api.options import option_fields
from hfshell.api.specs import CommandSpec, TaskSpec, Verb
from hfshell.api.task import HeadTask
from hfshell.errors import HfshellError, PluginError
from hfshell.language.suggest import did_you_mean
from hfshell.plugin_host.declarations import Declarations
from hfshell.plugin_host.discovery import TASKS
from hfshell.plugin_host.isolation import contain
from hfshell.testing.verdict import Fault, NotApplicable

if TYPE_CHECKING:
    from hfshell.api.options import OptionField
    from hfshell.testing.subject import Subject

_NUMBERS = (-1, 0, 1 << 40)


def imports(subject: Subject) -> None:
    """Import the plugin's module in another process, where it can do no harm, and then here."""
    if not subject.has_module:
        raise NotApplicable("it is an object, not a module that could be imported")
    module, failure = subject.plugin.module, subject.manifest.failure
    if failure is not None and not failure.traceback:
        raise Fault(f"{module}: {failure.summary}", failure.hint)
    here = contain(lambda: import_module(module))
    if here.failure is not None:
        raise Fault(f"{module} cannot be imported: {here.failure.summary}", here.failure.traceback)


def is_light(subject: Subject) -> None:
    """Read what else the import did in its process."""
    if not subject.has_module:
        raise NotApplicable("it is an object, not a module that could be imported")
    if subject.manifest.remarks:
        raise Fault("; ".join(subject.manifest.remarks))


def declares(subject: Subject) -> None:
    """Ask the plugin twice here, and once in another process."""
    first = subject.declarations
    if subject.task is not None and all(spec.name != subject.task for spec in first.of(TaskSpec)):
        names = [spec.name for spec in first.of(TaskSpec)]
        hint = did_you_mean(subject.task, names) or f"its tasks: {', '.join(names) or 'none'}"
        raise Fault(f"{subject.plugin.module} declares no task {subject.task}", hint)
    asked = _described(first)
    if _described(subject.ask()) != asked:
        raise Fault("it declares something else when it is asked again", "return the same each time")
    if not subject.has_module:
        return
    elsewhere = subject.manifest
    if elsewhere.failure is not None:
        raise Fault(f"in a process of its own: {elsewhere.failure.summary}", elsewhere.failure.hint)
    if _described(elsewhere.declarations) != asked:
        raise Fault(
            "it declares something else in another process",
            "the order of a set, the time or the folder must not show in a declaration",
        )


def _described(declarations: Declarations) -> str:
    """Return declarations as the text that is kept of them, made twice: what comes back is what went."""
    kept = Declarations.from_dict(json.loads(json.dumps(declarations.to_dict())))
    return json.dumps(kept.to_dict(), sort_keys=True)


def is_listed(subject: Subject) -> None:
    """Look for the entry point under which the shell lists the task without asking anybody."""
    if not subject.is_installed:
        raise NotApplicable("it is not installed: there is no entry point to look at")
    if subject.task is None:
        return
    points = [plugin for plugin in subject.bench.plugins.listed() if plugin.group == TASKS]
    if all(plugin.name != subject.task for plugin in points):
        raise Fault(
            f"no entry point in the group {TASKS} is called {subject.task}",
            f'[project.entry-points."{TASKS}"]\n{subject.task} = "{subject.plugin.module}"',
        )


def targets_resolve(subject: Subject) -> None:
    """Import what each declaration names."""
    plugins = subject.session.plugins
    for spec in subject.declarations.specs:
        found = _blamed(lambda spec=spec: plugins.resolve(spec.target, owner=spec.name))  # type: ignore[misc]
        if not callable(found):
            raise Fault(f"{spec.target} of {spec.name} is a {type(found).__name__} that cannot be called")
    if subject.task is not None:
        task = _blamed(lambda: subject.chosen.task)
        _require_methods(subject.spec, task)


def _require_methods(spec: TaskSpec, task: Any) -> None:
    for verb in spec.capabilities - {"eval"}:
        if not callable(getattr(task, verb, None)):
            raise Fault(
                f"{spec.target} has no method {verb}, and {spec.name} says that it offers it",
                f"write it, or leave {verb} out of `capabilities`",
            )
    if isinstance(task, HeadTask):
        import transformers

        if not hasattr(transformers, getattr(task, "auto_class", "")):
            raise Fault(f"{spec.target}: transformers {transformers.__version__} has no such auto_class")


def _blamed(resolve: Callable[[], Any]) -> Any:
    try:
        return resolve()
    except HfshellError as error:
        raise Fault(error.message, error.hint) from None


def options_hold(subject: Subject) -> None:
    """Look at each option's help, and give it what it cannot take."""
    for owner, declared in _declared_options(subject):
        for field in option_fields(declared):
            if not field.info.help.strip():
                raise Fault(f"{field.flag} of {owner} has no help", "say in one line what it is for")
    if subject.task is not None:
        _require_errors_of_ours(subject)


def _declared_options(subject: Subject) -> Iterator[tuple[str, type]]:
    for spec in subject.declarations.specs:
        if isinstance(spec, CommandSpec):
            yield spec.name, spec.options
        elif isinstance(spec, TaskSpec):
            for verb, declared in spec.options.items():
                yield f"{verb} --task {spec.name}", declared


def _require_errors_of_ours(subject: Subject) -> None:
    """Give the task's own options odd numbers: taken or refused, but never a traceback."""
    for verb, declared in subject.spec.options.items():
        for field in option_fields(declared):
            for number in _odd_numbers(field):
                _try(subject, verb, field, number)


def _try(subject: Subject, verb: Verb, field: OptionField, number: float) -> None:
    given = {field.name: (number,) if field.many else number}
    outcome = contain(lambda: subject.chosen.options_of(verb, given))
    if outcome.failure is None:
        return
    if isinstance(outcome.error, PluginError) or not isinstance(outcome.error, HfshellError):
        raise Fault(
            f"{field.flag} {number:g} of {verb}: {outcome.failure.summary}",
            "declare minimum= and maximum=, or raise ValueError with what is wrong",
        )


def _odd_numbers(field: OptionField) -> Iterator[float]:
    """Yield numbers that an option's declaration lets pass, and its author may not have thought of."""
    low, high = field.info.minimum, field.info.maximum
    for number in _NUMBERS if field.type in (int, float) else ():
        if (low is None or number >= low) and (high is None or number <= high):
            yield field.type(number)
