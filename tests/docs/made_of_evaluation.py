"""Parts of the documentation that are made from what hfshell measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from hfshell.evaluation import regression
from hfshell.evaluation.exact import Exact
from hfshell.evaluation.metrics import METRICS
from hfshell.evaluation.multilabel_metrics import SET_METRICS
from hfshell_tasks.metrics import SPECS
from tests.docs.made_of_api import table


def metrics() -> str:
    """A table of the metrics that are known of each kind of role."""
    known = {
        "one label": tuple(METRICS),
        "several labels": tuple(SET_METRICS),
        "a number": tuple(regression._MEASURES),
        "anything else": Exact.known,
    }
    return table(
        ("what is learnt", "metrics"),
        [(kind, ", ".join(f"`{name}`" for name in names)) for kind, names in known.items()],
    )


def shared_metrics() -> str:
    """A table of the metrics that hfshell's own plugins give to any task."""
    rows = [(f"`{spec.name}`", spec.summary, READS[spec.target.partition(":")[0]]) for spec in SPECS]
    return table(("name", "what it is", "what it reads"), rows)


READS: Mapping[str, str] = MappingProxyType(
    {
        "hfshell_tasks.metrics.entities": "sequences of IOB2 tags, one a word",
        "hfshell_tasks.metrics.reading": 'the right answers, `{"text": [...]}`; a text, or `{"answer": ...}`',
        "hfshell_tasks.metrics.rouge": "a text, or several to choose from; a text",
        "hfshell_tasks.metrics.translations": "a text, or several to choose from; a text",
        "hfshell_tasks.metrics.relations": "labels, `Cause-Effect(e1,e2)`",
    }
)
"""What metrics are given, by their module."""

MAKERS: Mapping[str, Callable[..., str]] = MappingProxyType(
    {"metrics": metrics, "shared_metrics": shared_metrics}
)
