"""Metrics that plugins give, for the names that a task's declaration has of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from hfshell.evaluation.custom import CustomMetric

if TYPE_CHECKING:
    from hfshell.api.specs import MetricSpec, TaskSpec
    from hfshell.session.context import CommandContext


def custom_metrics(spec: TaskSpec, context: CommandContext) -> dict[str, CustomMetric]:
    """Return the metrics of plugins that a task names, ready to measure; others are not imported.

    Raises:
        PluginError: the plugin that gives one failed.
    """
    found = {metric.name: metric for metric in context.session.plugins.metrics()}
    return {name: _ready(found[name], context) for name in spec.metrics if name in found}


def _ready(spec: MetricSpec, context: CommandContext) -> CustomMetric:
    plugins = context.session.plugins
    provider = plugins.provider(spec)
    given = f" ({provider.distribution} {provider.version})" if provider else ""

    def run(work: Callable[[], Any]) -> Any:
        return plugins.run(spec, f"metric {spec.name}", work)

    return CustomMetric(
        spec,
        plugins.resolve(spec.target, owner=spec.name),
        f"metric {spec.name}{given}",
        run,
        partial(_between, context),
    )


def _between(context: CommandContext) -> None:
    """Stop when the user asked for it; else take note that the plugin, which is called often, is alive."""
    context.cancelled.raise_if_set()
    context.session.plugins.containment.sign_of_life()
