"""Parts of the documentation that are made from what hfshell measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from hfshell.evaluation import regression
from hfshell.evaluation.exact import Exact
from hfshell.evaluation.metrics import METRICS
from hfshell.evaluation.multilabel_metrics import SET_METRICS
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


MAKERS: Mapping[str, Callable[..., str]] = MappingProxyType({"metrics": metrics})
