"""Vectors of texts, from an encoder without a head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch

from hfshell.api import (
    Context,
    DataError,
    Features,
    HeadTask,
    LoadedModel,
    ModelError,
    ModelFolder,
    ModelView,
    Row,
    TaskData,
)
from hfshell_tasks.embeddings.pooling import MODULES, files_for, pooled, pooling_of


class EncoderTask(HeadTask):
    """Works with the body of a model, whatever head it has: the vectors of tokens, pooled."""

    auto_class = "AutoModel"

    def head_labels(self, data: TaskData) -> tuple[str, ...]:  # noqa: ARG002 - of the contract
        """Name no labels: there is no head."""
        return ()

    def load(self, source: ModelFolder | str, options: Any, context: Context) -> LoadedModel:
        """Load a model without a head; a pooler that came from no file is not used."""
        model = body_of(super().load(source, options, context), task=self)
        if MODULES not in model.beside:
            model.beside = pooled_as(model, None)
        return model

    def predict(
        self, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Yield what is made of each row's vectors."""
        return context.engine.predict(self, body_of(model), rows, options, context)

    def vectors_of(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> torch.Tensor:
        """Return one vector a text of a batch, of shape (texts, size).

        Raises:
            ModelError: the model gives none.
        """
        states = getattr(outputs, "last_hidden_state", None)
        if states is None:
            raise ModelError("the model gives no vectors of its tokens")
        return pooled(states, batch["attention_mask"], pooling_of(model))


class FeatureExtraction(EncoderTask):
    """A vector for each text."""

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn texts into token IDs, cut at the end to what the model can read.

        Raises:
            DataError: a row has no text.
        """
        return model.tokenize([text_of(row, "text") for row in rows])

    def read(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> torch.Tensor:
        """Keep one vector a text."""
        vectors = self.vectors_of(outputs, batch, model)
        if getattr(model.options, "normalize", False):
            return torch.nn.functional.normalize(vectors, dim=-1)
        return vectors

    def decode(self, logits: torch.Tensor, rows: Sequence[Row], model: ModelView) -> Iterator[list[float]]:  # noqa: ARG002 - of the contract
        """Yield the numbers of each vector, with as many digits as make it the same float32 again."""
        for vector in logits.numpy():
            yield [float(str(number)) for number in vector]


def vectors(model: LoadedModel, texts: Sequence[str], options: Any, context: Context) -> torch.Tensor:
    """Return the vectors of texts, each of length 1, of shape (texts, size).

    Args:
        model: an encoder.
        texts: at least one.
        options: `pooling` in them is the user's.
        context: the command's surroundings.
    """
    rows = [{"text": text} for text in texts]
    found = context.engine.outputs(FeatureExtraction(), body_of(model), rows, options, context)
    return torch.nn.functional.normalize(torch.stack([window.output for window in found]), dim=-1)


def body_of(model: LoadedModel, task: HeadTask | None = None) -> LoadedModel:
    """Return a model without its head, which shares its weights; of an encoder-decoder the encoder.

    Args:
        model: any transformers model.
        task: what it is then the model of; its own task without it.
    """
    whole, body = model.module, model.module.base_model
    prefix = "" if body is whole else f"{whole.base_model_prefix}."
    inside = {f"{prefix}{name}" for name, _ in body.named_parameters()}
    new = tuple(name for name in model.new_weights if name in inside and "pooler" not in name)
    if getattr(body.config, "is_encoder_decoder", False):
        body = body.get_encoder()
    return replace(model, module=body, new_weights=new, task=task.name if task else model.task)


def pooled_as(model: LoadedModel, options: Any) -> dict[str, str]:
    """Return the files by which sentence-transformers pools as a model does; nothing where it could not.

    Args:
        model: an encoder.
        options: `pooling` in them is the user's.
    """
    view = ModelView.of(model, options)
    try:
        return files_for(model.module.config, pooling_of(view), view.limit)
    except ModelError:  # a pooling that is not known here is said when vectors are asked for
        return {}


def text_of(row: Row, role: str) -> str:
    """Return the text of a role.

    Raises:
        DataError: the row has none.
    """
    text = row.get(role)
    if not isinstance(text, str):
        raise DataError(f"a row has no {role}: {dict(row)!r:.80}")
    return text
