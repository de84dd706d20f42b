"""Measured numbers with what one needs to judge them: interval, rows, and the majority guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from hfshell.render.metric_names import metric_name
from hfshell.render.quantities import interval, score, whole
from hfshell.render.safe_text import one_line

if TYPE_CHECKING:
    from hfshell.api.results import EvaluationResult, FinetuneResult, Metric
    from hfshell.render.look import Look

_SIGNATURE = 200  # cells; others fold


def metric_facts(result: EvaluationResult | FinetuneResult, look: Look, measured_on: str = "") -> list[Text]:
    """Return the headline with its interval, the rows, what guessing scores, then the other metrics."""
    n, baseline = result.n, result.baseline
    if not result.metrics:
        return [Text(f"n={whole(n)}")]
    headline, *others = result.metrics
    facts = [_headline(headline, baseline, look)]
    facts.append(Text(f"on {measured_on} (n={whole(n)})" if measured_on else f"n={whole(n)}"))
    if baseline is not None:
        facts.append(Text.assemble((f"{result.guess} guess ", "dim"), score(baseline, look)))
    facts += [
        Text.assemble((f"{metric_name(other.name)} ", "dim"), score(other.value, look)) for other in others
    ]
    return facts


def signatures(result: EvaluationResult, look: Look) -> list[Text]:
    """Return a line for each metric that says how it was computed."""
    return [
        Text(f"{metric_name(metric.name)} {one_line(metric.signature, _SIGNATURE, plain=look.plain)}", "dim")
        for metric in result.metrics
        if metric.signature
    ]


def _headline(metric: Metric, baseline: float | None, look: Look) -> Text:
    fact = Text(f"{metric_name(metric.name)} ")
    style = _judged(metric, baseline)
    if metric.value is None or metric.low is None or metric.high is None:
        return fact.append(score(metric.value, look), style)
    estimate, between = interval(metric.value, metric.low, metric.high, look).split(" ", 1)
    return fact.append(estimate, style).append(f" {between}")


def _judged(metric: Metric, baseline: float | None) -> str:
    """Name the style: a score whose interval reaches the majority guess has shown nothing yet."""
    if metric.value is None or baseline is None or metric.low is None or metric.high is None:
        return "number"
    better = metric.low > baseline if metric.higher_is_better else metric.high < baseline
    return "number.good" if better else "number.warn"
