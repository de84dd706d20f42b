"""Metrics that plugins give, for the names that a task's declaration has of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from hfshell.evaluation.classification import OneLabel
from hfshell.evaluation.counted import custom_metric
from hfshell.evaluation.custom import CustomMetric
from hfshell.evaluation.exact import Exact
from hfshell.evaluation.multilabel import SeveralLabels
from hfshell.evaluation.regression import Numbers

if TYPE_CHECKING:
    from hfshell.api.specs import MetricSpec, TaskSpec
    from hfshell.session.context import CommandContext


BUILT_IN = frozenset(name for kind in (OneLabel, SeveralLabels, Numbers, Exact) for name in kind.known)
"""Names of hfshell's own metrics."""


def custom_metrics(spec: TaskSpec, context: CommandContext) -> dict[str, CustomMetric]:
    """Return the metrics of plugins that a task names, ready to measure; others are not imported.

    Names of hfshell's own metrics mean these, whatever is installed.

    Raises:
        PluginError: the plugin that gives one failed.
    """
    names = [name for name in spec.metrics if name not in BUILT_IN]
    found = {metric.name: metric for metric in context.session.plugins.metrics()} if names else {}
    return {name: _ready(found[name], context) for name in names if name in found}


def _ready(spec: MetricSpec, context: CommandContext) -> CustomMetric:
    plugins = context.session.plugins
    provider = plugins.provider(spec)
    given = f" ({provider.distribution} {provider.version})" if provider else ""

    def run(work: Callable[[], Any]) -> Any:
        return plugins.run(spec, f"metric {spec.name}", work)

    return custom_metric(
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
