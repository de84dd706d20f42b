"""Which of several tasks a model or a data set is most likely meant for: rules, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hfshell.api.models import LoadedModel

if TYPE_CHECKING:
    from hfshell.api.models import ModelFolder
    from hfshell.api.specs import TaskSpec
    from hfshell.models.task_model import InMemory

_PROBLEMS = {
    ("label", False): "single_label_classification",
    ("label", True): "multi_label_classification",
    ("number", False): "regression",
}


def for_folder(specs: Sequence[TaskSpec], files: ModelFolder) -> list[TaskSpec]:
    """Return the tasks whose head a folder holds, as far as its config.json tells; the likeliest alone.

    A head of several possible tasks is taken for one that declares itself `assumed`; of several such, for
    the one that asks the least of a row: one text rather than two.
    """
    fitting = [spec for spec in specs if could_use(spec, files)]
    assumed = [spec for spec in fitting if spec.assumed] or fitting
    least = min(map(_specificity, assumed), default=0)
    return [spec for spec in assumed if _specificity(spec) == least]


def for_training(
    specs: Sequence[TaskSpec], model: InMemory, is_own: Callable[[TaskSpec], bool]
) -> list[TaskSpec]:
    """Return the tasks that a model is most likely trained for, of all that a data set is for.

    A model goes on with its own task, unless that is for any text. Else hfshell's own tasks that learn a
    column come first: what a line means must not change when somebody's plugin is installed. Then strangers';
    then those that learn from the texts themselves, which any text is for. Of these it is the ones that make
    most of the columns; of equal ones those that declare themselves `assumed`; of several such, the one that
    models of its kind are pretrained for: an encoder finds hidden words, a writer goes on with a text.

    Args:
        specs: tasks that the data has the columns of.
        model: what is to be trained.
        is_own: whether hfshell itself gives a task.
    """
    offering = [spec for spec in specs if "finetune" in spec.capabilities]
    own = [spec for spec in offering if spec.name == model.task]
    if any(not _is_for_any_text(spec) for spec in own):
        return own
    able = [spec for spec in offering if _can_have(spec, model)]
    groups = (
        [spec for spec in able if is_own(spec) and not _is_for_any_text(spec)],
        [spec for spec in able if not is_own(spec)],
        [spec for spec in able if is_own(spec)],
    )
    group = next((group for group in groups if group), [])
    most = max(map(_specificity, group), default=0)
    best = [spec for spec in group if _specificity(spec) == most]
    usual = [spec for spec in best if spec.assumed] or best
    own = [spec for spec in best if spec.name == model.task]
    return own or [spec for spec in usual if _is_pretrained_for(spec, model)] or usual


def could_use(spec: TaskSpec, files: ModelFolder) -> bool:
    """Whether a folder's model has a task's head, and was not trained for another kind of question."""
    return has_head(spec, files) and _answers(spec, files)


def has_head(spec: TaskSpec, files: ModelFolder) -> bool:
    """Whether a folder's model is of a class that a task uses."""
    return any(name.endswith(ending) for name in files.architectures for ending in spec.architectures)


def is_able(spec: TaskSpec, model: LoadedModel) -> bool:
    """Whether a model in memory is of a class that a task uses."""
    return any(type(model.module).__name__.endswith(ending) for ending in spec.architectures)


def _answers(spec: TaskSpec, files: ModelFolder) -> bool:
    """Whether a task answers the kind of question that a folder's head was trained for, where it says so."""
    target = spec.target_role
    problem = _PROBLEMS.get((target.kind, target.multiple)) if target else None
    return None in (problem, files.problem_type) or problem == files.problem_type


def _is_for_any_text(spec: TaskSpec) -> bool:
    """Whether a task learns from texts themselves, and so finds its columns nearly everywhere."""
    return all(role.kind == "text" for role in spec.roles if role.required) and _specificity(spec) == 1


def _can_have(spec: TaskSpec, model: InMemory) -> bool:
    """Whether transformers has a task's head for models of this kind."""
    if not spec.architectures:
        return False
    if not isinstance(model, LoadedModel):
        return True
    siblings = dir(sys.modules[type(model.module).__module__])
    return any(name.endswith(ending) for name in siblings for ending in spec.architectures)


def _is_pretrained_for(spec: TaskSpec, model: InMemory) -> bool:
    """Whether models of this kind are pretrained with a task's head, by transformers' own table."""
    if not isinstance(model, LoadedModel):
        return False
    from transformers.models.auto.modeling_auto import MODEL_FOR_PRETRAINING_MAPPING_NAMES as KINDS

    name = KINDS.get(model.files.model_type, "")
    return any(name.endswith(ending) for ending in spec.architectures)


def _specificity(spec: TaskSpec) -> int:
    """Count what a task asks of a data set's columns."""
    return sum(1 + bool(role.containing) for role in spec.roles if role.required)
