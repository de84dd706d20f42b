"""The head that a model should have, and whether a folder's weights are the ones for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
import transformers

from hfshell.errors import ModelError, Place
from hfshell.language.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hfshell.api.models import ModelFolder


@dataclass(frozen=True)
class Head:
    """The head that a model should have.

    Attributes:
        auto_class: the transformers class that has it, `AutoModelForSequenceClassification`.
        task: the task whose head it is; None for a base model.
        problem_type: transformers' `config.problem_type`.
        labels: the head's labels by index; None takes those of the folder. When the folder's are others, the
            head is new.
        seed: of a new head's random weights.
        plugin: distribution and version of the plugin that gives the task.
    """

    auto_class: str = "AutoModel"
    task: str | None = None
    problem_type: str | None = None
    labels: tuple[str, ...] | None = None
    seed: int = 42
    plugin: tuple[str, str] | None = None


BASE_MODEL = Head()
"""No head at all."""


def auto_class(head: Head) -> Any:
    """Return the transformers class that has the head.

    Raises:
        ModelError: transformers has no such class.
    """
    found = getattr(transformers, head.auto_class, None)
    if found is None:
        known = [name for name in dir(transformers) if name.startswith("AutoModel")]
        raise ModelError(
            f"transformers {transformers.__version__} has no class {head.auto_class}",
            hint=did_you_mean(head.auto_class, known),
        )
    return found


def configure(files: ModelFolder, head: Head) -> tuple[Any, str | None]:
    """Return the configuration for the head that is wanted, and the kind of problem the folder's is for."""
    config = transformers.AutoConfig.from_pretrained(
        files.folder, local_files_only=True, trust_remote_code=False
    )
    numeric = config.problem_type is None and config.num_labels == 1
    trained_for = "regression" if numeric else config.problem_type
    if head.labels is not None:
        config.id2label = dict(enumerate(head.labels))
        config.label2id = {label: index for index, label in enumerate(head.labels)}
    if head.problem_type is not None:
        config.problem_type = head.problem_type
    return config, trained_for


def refuse_other_problem(files: ModelFolder, head: Head, trained_for: str | None) -> None:
    """Let a head be used only as it was trained: scores of another kind would look like answers.

    Raises:
        ModelError: the folder's head answers another kind of question.
    """
    if None in (head.problem_type, trained_for) or head.problem_type == trained_for:
        return
    raise ModelError(
        f"its head was trained for {trained_for}, not for {head.problem_type}",
        place=Place(str(files.folder)),
        hint="`finetune` a base model instead",
    )


def new_weights(files: ModelFolder, head: Head, module: Any, report: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of weights that came from no file; a head may be new, a body may not.

    Args:
        files: the folder.
        head: the head that was wanted.
        module: as transformers made it.
        report: its loading info.

    Raises:
        ModelError: the weights do not belong to this config.json.
    """
    mismatched = sorted(report["mismatched_keys"])
    in_body = _body_prefix(module)
    for name, in_file, expected in mismatched:
        if head.labels is None or name.startswith(in_body):
            raise ModelError(
                f"the weights do not fit config.json: {name} is {list(in_file)}, not {list(expected)}",
                place=Place(str(files.folder)),
            )
    _refuse_surplus_layers(files, module, report["unexpected_keys"])
    missing = set(report["missing_keys"])
    body = [name for name, _ in module.named_parameters() if name.startswith(in_body)]
    absent = [name for name in body if name in missing]
    if 2 * len(absent) > len(body):
        raise ModelError(
            f"the weights do not fit config.json: {len(absent)} of {len(body)} weights of "
            f"{type(module).__name__} are missing from the files, {absent[0]} first",
            place=Place(str(files.folder)),
            hint="config.json and weights seem to come from two different models",
        )
    return tuple(sorted(missing | {name for name, _, _ in mismatched}))


def _refuse_surplus_layers(files: ModelFolder, module: Any, unexpected: Iterable[str]) -> None:
    """Refuse to leave whole layers unread; transformers drops whatever config.json does not count."""
    body = module.base_model.named_modules()
    lists = {name: len(part) for name, part in body if isinstance(part, torch.nn.ModuleList)}
    for name in sorted(unexpected):
        parts = name.removeprefix(f"{module.base_model_prefix}.").split(".")
        for depth, part in enumerate(parts):
            layers = lists.get(".".join(parts[:depth]))
            if part.isdecimal() and layers is not None and int(part) >= layers:
                raise ModelError(
                    f"the weights do not fit config.json: it counts {layers} layers, and there is {name}",
                    place=Place(str(files.folder)),
                )


def _body_prefix(module: Any) -> str:
    return "" if module.base_model is module else f"{module.base_model_prefix}."


def labels_of(module: Any, *, is_new: bool) -> tuple[str, ...]:
    """Return a head's labels by index; a new head that nobody named labels for has none, nor has a number."""
    if "Classification" not in type(module).__name__ or module.config.problem_type == "regression":
        return ()
    labels = tuple(str(label) for _, label in sorted(module.config.id2label.items()))
    unnamed = all(label == f"LABEL_{index}" for index, label in enumerate(labels))
    return () if unnamed and is_new else labels


def has_foreign_head(files: ModelFolder, head: Head, module: Any, new: tuple[str, ...]) -> bool:
    """Whether a head came from the files, but for other labels than those that are wanted."""
    if head.labels is None or head.labels == files.labels:
        return False
    in_body = _body_prefix(module)
    from_files = {name for name, _ in module.named_parameters()} - set(new)
    return any(not name.startswith(in_body) for name in from_files)
