"""The heavy imports, in steps, so that a command that comes meanwhile waits for one step at most."""

from __future__ import annotations

import gc


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


def settle() -> None:
    """Let the collector of garbage pass over what the libraries brought.

    Each `unload` and each training collects once, which takes a third of a second with them and a thirtieth
    without. What is in a cycle by now is never looked at again, so call it before any model is loaded.
    """
    gc.collect()
    gc.freeze()
