"""Zero-shot classification: by an NLI head where the model has one, else by an encoder's vectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from hfshell.api import Guard, HeadTask, LoadedModel, ModelError, ModelFolder, ModelView, Row, UsageError
from hfshell_tasks.zero_shot.scoring import Candidates, Entailment, Likeness, entailment

if TYPE_CHECKING:
    from hfshell.api import Context, Features, TaskData
    from hfshell_tasks.zero_shot.options import LabelOptions

_HEAD = "ForSequenceClassification"
_NOTHING = Candidates((), "{}")


class ZeroShot(HeadTask):
    """One of any labels for each text."""

    auto_class: ClassVar[str] = "AutoModelForSequenceClassification"
    problem_type: ClassVar[str | None] = "single_label_classification"

    def load(self, source: ModelFolder | str, options: Any, context: Context) -> LoadedModel:
        """Load a model with its NLI head, or an encoder as it is."""
        if isinstance(source, ModelFolder) and not any(name.endswith(_HEAD) for name in source.architectures):
            return context.engine.load(self._named(Likeness(_NOTHING)), source, context)
        return super().load(source, options, context)

    def predict(
        self, model: LoadedModel, rows: Iterable[Row], options: LabelOptions, context: Context
    ) -> Iterator[Any]:
        """Yield each row's labels with their scores, the best first.

        Raises:
            UsageError: there are no labels to choose from, or an encoder should score each alone.
            ModelError: the model has a head, and none for natural language inference.
            Refused: guard `labels`: rows have labels that are none of those to choose from.
        """
        scorer = _scorer(model, options, _labels(options, context))
        return context.engine.predict(self._named(scorer), model, rows, options, context)

    def answer(self, prediction: Any) -> str:
        """Return the best label."""
        return str(prediction["labels"][0])

    def labels(self, model: LoadedModel) -> tuple[str, ...]:  # noqa: ARG002 - of the contract
        """Name no labels: it takes any, whatever the model's head was trained for."""
        return ()

    def head_labels(self, data: TaskData) -> tuple[str, ...]:  # noqa: ARG002 - of the contract
        """Name the labels of the head that it wants."""
        return ("contradiction", "neutral", "entailment")

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Leave it to the way that suits the model, see `predict`."""
        raise NotImplementedError

    def decode(self, logits: Any, rows: Sequence[Row], model: ModelView) -> Iterable[Any]:
        """Leave it to the way that suits the model, see `predict`."""
        raise NotImplementedError

    def _named(self, scorer: HeadTask) -> HeadTask:
        scorer.name, scorer.target_role, scorer.plugin = self.name, self.target_role, self.plugin
        return scorer


def _labels(options: LabelOptions, context: Context) -> tuple[str, ...]:
    labels = options.candidates or context.labels
    if not labels or (len(labels) == 1 and not options.multi_label):
        few = "is one label" if labels else "are no labels"
        raise UsageError(f"there {few} to choose from", hint="--labels billing,refunds,other")
    missing = [label for label in context.labels if label not in labels]
    if missing:
        shown = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")
        context.guard(
            Guard(
                "labels",
                "refuse",
                f"the data says {shown}, which is none of the labels to choose from",
                hint="without --labels it chooses from the data's own   or   --allow labels",
                count=len(missing),
            )
        )
    return labels


def _scorer(model: LoadedModel, options: LabelOptions, labels: tuple[str, ...]) -> HeadTask:
    kind = type(model.module).__name__
    if kind.endswith(_HEAD):
        _require_entailment(model)
        return Entailment(Candidates(labels, options.template or "This example is {}.", options.multi_label))
    if model.module.base_model is not model.module:
        raise ModelError(
            f"{kind} has a head that knows nothing of labels",
            hint="zero-shot wants an NLI model, or an encoder without a head: load minilm",
        )
    if options.multi_label:
        raise UsageError(
            "an encoder cannot score labels alone: a cosine is no probability", hint="an NLI model can"
        )
    return Likeness(Candidates(labels, options.template or "{}"))


def _require_entailment(model: LoadedModel) -> None:
    try:
        entailment(model.labels)
    except ValueError:
        known = ", ".join(model.labels[:5]) or "no labels"
        raise ModelError(
            f"its head knows {{{known}}}, and none of them is an entailment",
            hint="zero-shot wants an NLI model (finetune minilm NLI_DATA), or an encoder: load minilm",
        ) from None
