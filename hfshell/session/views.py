"""How a plugin wants a result to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.api.view_json import view_from_dict, view_to_dict
from hfshell.errors import PluginError
from hfshell.plugin_host.isolation import contain

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.api.specs import RendererSpec
    from hfshell.api.view import View
    from hfshell.plugin_host import PluginHost


def view_of(result: Result, plugins: PluginHost) -> View | None:
    """Ask the renderer of a result for its view; None when there is no renderer, or it wants the usual way.

    A renderer of the result's task comes before one of all tasks. Of hfshell's own results, one of a plugin
    is asked only for those of tasks that its package gives: how the others look is not its to say.

    Raises:
        PluginError: the renderer failed, or what it returned is no view.
    """
    spec = _renderer(result, plugins)
    if spec is None:
        return None
    outcome = contain(lambda: _view(result, spec, plugins))
    if outcome.failure is not None:
        failure = outcome.failure
        raise PluginError(f"{spec.name} shown the usual way: {failure.summary}", hint=failure.hint)
    return outcome.value


def _renderer(result: Result, plugins: PluginHost) -> RendererSpec | None:
    task = getattr(result, "task", None)
    fitting = [
        spec
        for spec in plugins.renderers()
        if spec.kind == result.kind and spec.task in (None, task) and _may_show(spec, result, plugins)
    ]
    return min(fitting, key=lambda spec: spec.task is None, default=None)


def _may_show(spec: RendererSpec, result: Result, plugins: PluginHost) -> bool:
    plugin = plugins.provider(spec)
    if plugin is None or plugin.built_in or not type(result).__module__.startswith("hfshell."):
        return True
    task = getattr(result, "task", None)
    givers = (plugins.provider(given) for given in plugins.tasks() if given.name == task)
    return any(giver is not None and giver.distribution == plugin.distribution for giver in givers)


def _view(result: Result, spec: RendererSpec, plugins: PluginHost) -> View | None:
    function = plugins.resolve(spec.target, owner=spec.name)

    def made() -> View | None:
        view = function(result)
        return None if view is None else view_from_dict(view_to_dict(view))

    return plugins.run(spec, f"the view of {spec.name}", made)
