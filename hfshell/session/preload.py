"""The heavy imports, in steps, so that a command that comes meanwhile waits for one step at most."""

from __future__ import annotations


def _torch() -> None:
    import torch  # noqa: F401


def _heads() -> None:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer  # noqa: F401
    from transformers.models.bert import modeling_bert  # noqa: F401


def _metrics() -> None:
    import pyarrow as pa  # noqa: F401
    import sklearn.metrics  # noqa: F401


def _trainer() -> None:
    from transformers import Trainer  # noqa: F401


STEPS = (_torch, _heads, _metrics, _trainer)
