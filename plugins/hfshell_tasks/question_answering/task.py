"""Question answering on a head that says where answers begin and end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import torch

from hfshell.api import ROW, Features, HeadTask, ModelView, Row, Window
from hfshell_tasks.question_answering.answers import Answer
from hfshell_tasks.question_answering.checks import answer_guards
from hfshell_tasks.question_answering.options import ReadingOptions
from hfshell_tasks.question_answering.spans import best_answers
from hfshell_tasks.question_answering.windows import passage_of, positions, windows

if TYPE_CHECKING:
    from hfshell.api import Context, FinetuneOutcome, LoadedModel, TaskData
    from hfshell_tasks.question_answering.options import PredictOptions


ALWAYS = "hfshell_all_questions_answered"
"""Where a model's configuration says that each question in its training data had an answer."""


class QuestionAnswering(HeadTask):
    """The passage of a text that answers a question, or none, however long the text is."""

    auto_class: ClassVar[str] = "AutoModelForQuestionAnswering"
    windowed: ClassVar[bool] = True
    usual_length: ClassVar[int] = 384

    def head_labels(self, data: TaskData) -> tuple[str, ...]:  # noqa: ARG002 - of the contract
        """Name no outputs: the head has a begin and an end, whatever the data is."""
        return ()

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn questions with their texts into windows, with the tokens of the answer where it is known.

        Raises:
            DataError: a row has no question, or no text.
        """
        features = windows(rows, model)
        for feature in features:
            answers = rows[feature[ROW]].get(self.target_role or "")
            if answers is not None:
                first, last = positions(feature, answers, model.processor)
                feature["start_positions"], feature["end_positions"] = first, last
        return features

    def read(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> Any:  # noqa: ARG002 - of the contract
        """Keep begin and end of each token; shape (features, tokens, 2)."""
        return torch.stack((outputs.start_logits, outputs.end_logits), dim=-1)

    def decode(
        self, logits: Sequence[Window], rows: Sequence[Row], model: ModelView
    ) -> Iterator[list[Answer]]:
        """Yield each row's answers, the best first.

        Args:
            logits: windows, each with an output of shape (tokens, 2).
            rows: the rows.
            model: with the options.
        """
        of_row: dict[int, list[Window]] = defaultdict(list)
        for window in logits:
            of_row[window.row].append(window)
        options: ReadingOptions = model.options or ReadingOptions()
        if options.no_answer == "learnt" and getattr(model.config, ALWAYS, False):
            options = replace(options, no_answer="never")
        for number, row in enumerate(rows):
            parts = ((passage_of(part.feature, model.processor), part.tokens) for part in of_row[number])
            yield best_answers(row["context"], parts, options)

    def prepare(self, model: LoadedModel, data: TaskData, context: Context) -> None:  # noqa: ARG002 - of the contract
        """Have the model remember whether all questions that it learns have an answer."""
        setattr(model.module.config, ALWAYS, all(_is_answered(row) for row in data.train))

    def finetune(self, model: LoadedModel, data: TaskData, options: Any, context: Context) -> FinetuneOutcome:
        """Train a copy of the model; say first which answers it cannot learn as they stand."""
        for guard in answer_guards(data.train, model.processor, context.predict_options or ReadingOptions()):
            context.guard(guard)
        return super().finetune(model, data, options, context)

    def select(self, prediction: list[Answer], options: PredictOptions) -> Answer | list[Answer]:
        """Give the best answer, or a list where several are wanted."""
        return prediction[0] if options.top_k == 1 else prediction[: options.top_k]

    def answer(self, prediction: list[Answer]) -> str:
        """Measure the text of the best answer."""
        return prediction[0].answer


def _is_answered(row: Row) -> bool:
    return row["answers"] is not None and bool(row["answers"]["text"])
