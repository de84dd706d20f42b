"""Tiny models with the head of a task: random weights, saved as a trained model is, so that they predict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import transformers

from hfshell.api.models import LoadedModel, ModelFolder
from hfshell.models.saving import save_model
from hfshell.testing.tiny_bert import CORPUS, label_settings, seeded, settings, tokenizer
from hfshell.testing.tiny_data import TOPICS, CannotMakeError

if TYPE_CHECKING:
    from hfshell.api.context import TaskData
    from hfshell.api.task import HeadTask


def write_tiny_head(task: HeadTask, data: TaskData, folder: Path) -> Path:
    """Write a tiny BERT with a task's head, its labels those of the data.

    Args:
        task: it, with the name that hfshell gave it.
        data: what it would be trained on.
        folder: must not exist.

    Raises:
        CannotMakeError: BERT has no such head.
    """
    words = tokenizer((*CORPUS, *(" ".join(topic) for topic in TOPICS.values())))
    labels = task.head_labels(data)
    config = transformers.BertConfig(
        **settings(len(words)), **label_settings(labels), problem_type=task.problem_type
    )
    files = ModelFolder(source=str(folder), folder=folder)
    module = _module(task, config)
    save_model(LoadedModel(files, module, words, labels, task.name, plugin=task.plugin), folder)
    return folder


def _module(task: HeadTask, config: Any) -> Any:
    try:
        return seeded(getattr(transformers, task.auto_class), config)
    except (AttributeError, ValueError):  # there is no such class, or none of it for BERT
        raise CannotMakeError(
            f"the kit makes no tiny model for {task.auto_class}",
            hint="give a small one of your own: override `model` in your TaskConformance",
        ) from None
