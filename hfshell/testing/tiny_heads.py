"""Tiny models with the head of a task: random weights, saved as a trained model is, so that they predict."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

import torch
import transformers

from hfshell.api.model_view import ModelView
from hfshell.api.models import LoadedModel, ModelFolder
from hfshell.models.saving import save_model
from hfshell.testing.tiny_bert import CORPUS, label_settings, seeded, tokenizer
from hfshell.testing.tiny_data import TOPICS
from hfshell.testing.tiny_families import family_with

if TYPE_CHECKING:
    from hfshell.api.context import TaskData
    from hfshell.api.task import HeadTask


def write_tiny_head(task: HeadTask, data: TaskData, folder: Path) -> Path:
    """Write a tiny model with a task's head, its labels those of the data.

    Its weights are spread so far that no two rows are answered alike; a number that it predicts lies around
    those of the data.

    Args:
        task: it, with the name that hfshell gave it.
        data: what it would be trained on.
        folder: must not exist.

    Raises:
        CannotMakeError: the kit has no model with such a head.
        HfshellError: the task finds nothing to learn in the data.
    """
    family = family_with(task.auto_class)
    words = tokenizer((*CORPUS, *TOPICS, *(" ".join(topic) for topic in TOPICS.values())), family.frame)
    labels = tuple(task.head_labels(data))
    named = label_settings(labels) if labels else {}
    kind = getattr(transformers, family.configuration)
    config = kind(**family.settings(words), **named, problem_type=task.problem_type)
    module = seeded(getattr(transformers, task.auto_class), config)
    if task.problem_type == "regression":
        view = ModelView(processor=words, labels=labels)
        role = task.target_role
        known = [row[role] for row in data.train if role and row[role] is not None]
        _answer_around(module, list(task.targets(known, view)))
    files = ModelFolder(source=str(folder), folder=folder)
    save_model(LoadedModel(files, module, words, labels, task.name, plugin=task.plugin), folder)
    return folder


def _answer_around(module: Any, known: list[float]) -> None:
    """Have the last layer answer with the mean of what is learnt, give or take what it makes of a row."""
    *_, last = [part for part in module.modules() if isinstance(part, torch.nn.Linear)]
    if known and last.bias is not None:
        torch.nn.init.constant_(last.bias, fmean(known))
