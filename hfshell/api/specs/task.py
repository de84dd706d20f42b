"""`TaskSpec`: a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from hfshell.api.roles import Role
from hfshell.api.specs.version import API_VERSION

Verb = Literal["load", "finetune", "eval", "predict"]
VERBS: tuple[Verb, ...] = ("load", "finetune", "eval", "predict")


@dataclass(frozen=True)
class TaskSpec:
    """A task: what people do with a kind of model.

    Example::

        TaskSpec(
            name="toxicity",
            summary="How toxic a comment is, per kind",
            target="hfshell_toxicity.task:Toxicity",
            roles=(Role.text("comment", "body"), Role.labels("labels")),
            architectures=("ForSequenceClassification",),
            metrics=("macro_f1", "roc_auc", "subset_accuracy"),
            options={"predict": PredictOptions},
            examples=('predict m "have a nice day"',),
            api=1,
        )

    Attributes:
        name: as `--task` takes it, in the Hub's spelling: `text-classification`. The entry point in the group
            `hfshell.tasks` has the same name.
        summary: one line for `help` and completion.
        target: `package.module:Class`, imported on first use; the only import that may need torch.
        roles: the columns it wants. The first one with `target=True` is what is learnt.
        architectures: endings of transformers class names whose head it uses, `ForSequenceClassification`.
            Empty for a task that loads its models itself.
        metrics: names of metrics, the headline first.
        options: per verb, a frozen dataclass of options that this task adds to the command's own. The verb
            gets an instance of it.
        capabilities: the verbs it offers.
        schemes: what stands before the colon in names of models that the task makes itself: with
            `schemes=("bayes",)`, `load bayes:multinomial` calls the task's `load` with `"multinomial"`.
        assumed: whether a model, or a data set, that several tasks could use is taken for this one where
            nobody says which. Of tasks that share a head, the usual one.
        self_supervised: whether it learns from its texts themselves: then no role is its target, and it
            measures itself with an `eval` of its own.
        examples: lines for `help`.
        api: the version of the contract it was written for.
    """

    name: str
    summary: str
    target: str
    roles: tuple[Role, ...] = ()
    architectures: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    options: Mapping[Verb, type] = field(default_factory=lambda: MappingProxyType({}))
    capabilities: frozenset[Verb] = frozenset(VERBS)
    schemes: tuple[str, ...] = ()
    assumed: bool = True
    self_supervised: bool = False
    examples: tuple[str, ...] = ()
    api: int = API_VERSION

    @property
    def target_role(self) -> Role | None:
        """The role that is learnt and measured; None for a task that needs no such column."""
        return next((role for role in self.roles if role.target), None)
