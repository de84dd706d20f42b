from __future__ import annotations

from hfshell.api import DataFormatSpec, MetricSpec, hookimpl


@hookimpl
def hfshell_metrics():
    return [
        MetricSpec(
            "labels_a_row", "How many labels are predicted", "hfshell_kinds.measures:labels_a_row", minimum=0
        ),
        MetricSpec(
            "worst_error",
            "Largest error",
            "sklearn.metrics:max_error",
            higher_is_better=False,
            interval=False,
        ),
        MetricSpec(
            "shape_accuracy", "Share of right shapes", "hfshell_kinds.measures:shape_accuracy", maximum=1
        ),
        MetricSpec("accuracy", "A false one", "hfshell_kinds.measures:flattery"),
    ]


@hookimpl
def hfshell_data_formats():
    return [DataFormatSpec("sentences", "Sentences and labels", (".sent",), "hfshell_kinds.measures:read")]
