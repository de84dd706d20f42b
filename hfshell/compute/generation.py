"""Writing texts: prompts of like length together, padded on the left where a model goes on with them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
import transformers

from hfshell.api.generative import Generated, GenerationOptions
from hfshell.api.guards import Guard
from hfshell.compute.batching import token_budget_batches
from hfshell.compute.constraints import form_of
from hfshell.compute.streaming import PieceStreamer
from hfshell.compute.surroundings import random_state_kept
from hfshell.errors import ModelError, UsageError
from hfshell.models.quiet import silenced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hfshell.api.cancel import CancelToken
    from hfshell.api.context import Context
    from hfshell.api.features import Feature
    from hfshell.api.generative import GenerativeTask
    from hfshell.api.model_view import ModelView
    from hfshell.api.models import LoadedModel
    from hfshell.compute.constraints import Form
    from hfshell.compute.reading import Turn

CPU_BUDGET = 4096
ACCELERATOR_BUDGET = 32_768
"""Tokens of prompts and answers that are written at once."""

DEFAULT_NEW_TOKENS = 256
"""Longest answer of a task that says nothing; transformers' own default, 20, cuts most of them."""


@dataclass(frozen=True)
class Writer:
    """Writes texts for one task and one model.

    Attributes:
        task: says how texts are written.
        model: the model, in eval mode.
        view: the same as the task sees it.
        options: the task's own of `predict`.
        context: the command's surroundings.
        turn: the turn of a conversation that a single text is written for; None for any other text.
    """

    task: GenerativeTask
    model: LoadedModel
    view: ModelView
    options: Any
    context: Context
    turn: Turn | None = None

    @property
    def limit(self) -> int:
        """Longest text that is written, in tokens."""
        return int(self._config().max_new_tokens)

    def write(
        self, features: Sequence[Feature], done: Callable[[int], None] = lambda _features: None
    ) -> list[Generated]:
        """Write a text for each prompt, in order.

        Raises:
            Interrupted: cancelled.
            ModelError: the model cannot write, a prompt leaves no room for an answer, or the arguments of
                the task are none of transformers'.
        """
        module = self.model.module
        if not hasattr(module, "generate") or not module.can_generate():
            raise ModelError(
                f"{type(module).__name__} writes no text", hint="`finetune` it for the task, or load another"
            )
        config = self._config()
        form = self._form(config)
        alone = len(features) == 1  # of several texts none is shown while it is written
        written: list[Generated | None] = [None] * len(features)
        with silenced(), torch.inference_mode(), random_state_kept():
            torch.manual_seed(self.context.seed)
            for numbers in self._batches(features, config.max_new_tokens):
                self.context.cancelled.raise_if_set()
                made = self._batch([features[number] for number in numbers], config, form, alone=alone)
                self.context.cancelled.raise_if_set()
                for number, item in zip(numbers, made, strict=True):
                    written[number] = item
                done(len(numbers))
        return [item for item in written if item is not None]

    def _batches(self, features: Sequence[Feature], new: int) -> Iterator[list[int]]:
        """Yield numbers of prompts that are written for at once.

        Where prompt and answer do not fit what the model reads, answers are shorter: such prompts share a
        batch only with those of the same length, so that none is cut for another's sake.
        """
        limit, goes_on = self.model.files.max_length, not self.model.module.config.is_encoder_decoder
        groups: dict[int, list[int]] = {}
        for number, feature in enumerate(features):
            length = len(feature["input_ids"])
            tight = goes_on and limit is not None and length + new > limit
            groups.setdefault(length if tight else 0, []).append(number)
        budget = CPU_BUDGET if self.model.device == "cpu" else ACCELERATOR_BUDGET
        for _, group in sorted(groups.items(), reverse=True):
            lengths = [len(features[number]["input_ids"]) + new for number in group]
            for batch in token_budget_batches(lengths, budget):
                yield [group[place] for place in batch]

    def _batch(
        self, features: list[Feature], config: Any, form: Form | None, *, alone: bool = False
    ) -> list[Generated]:
        module = self.model.module
        goes_on = not module.config.is_encoder_decoder
        batch = self.view.pad(features, side="left" if goes_on else None)
        inputs = {name: value.to(self.model.device) for name, value in batch.items()}
        prompt = inputs["input_ids"].shape[1] if goes_on else 1
        config = self._with_room(config, prompt) if goes_on else self._within_positions(config)
        turn = self.turn if alone else None
        read = self._read_before(turn, features[0], config)
        sequences = module.generate(
            **inputs,
            **read,
            generation_config=config,
            tokenizer=self.view.processor,
            logits_processor=transformers.LogitsProcessorList(self._processors(form)),
            streamer=self._streamer(config) if alone else None,
            stopping_criteria=transformers.StoppingCriteriaList(self._stopping(turn)),
        )
        before = [list(feature["input_ids"]) if goes_on else [] for feature in features]
        made = [
            self._generated(start, ids[prompt:].tolist(), config)
            for start, ids in zip(before, sequences, strict=True)
        ]
        if turn is None:
            return made
        return [self._said_of(turn, made[0], prompt, sequences[0].tolist() if read else [])]

    def _read_before(self, turn: Turn | None, feature: Feature, config: Any) -> dict[str, Any]:
        """Return the cache that a turn's prompt goes on from, where the model keeps one that can be cut."""
        module = self.model.module
        kept = config.num_beams in (None, 1) and config.use_cache is not False
        kept = kept and config.cache_implementation is None
        fits = not module.config.is_encoder_decoder and module._supports_default_dynamic_cache()  # noqa: SLF001 - what generate asks
        if turn is None or not kept or not fits:
            return {}
        return {"past_key_values": turn.reading.begin(module, feature["input_ids"])}

    def _said_of(self, turn: Turn, made: Generated, prompt: int, read: list[int]) -> Generated:
        """Say in a turn what became of it; what Ctrl-C ended is no text that was cut.

        Args:
            turn: the turn.
            made: its reply.
            prompt: how many tokens it replies to.
            read: all that now stands in its cache; empty without one.
        """
        turn.reused_tokens = turn.reading.reused if read else 0
        turn.reading.keep(read)
        turn.prompt_tokens, turn.tokens = prompt, len(made.tokens)
        ended = made.finish_reason == "length" and turn.stopped.is_set
        turn.finish_reason = "interrupted" if ended else made.finish_reason
        return replace(made, finish_reason="stop") if ended else made

    def _stopping(self, turn: Turn | None) -> list[_Cancelled]:
        tokens = [self.context.cancelled] if turn is None else [self.context.cancelled, turn.stopped]
        return [_Cancelled(token) for token in tokens]

    def _streamer(self, config: Any) -> PieceStreamer | None:
        """Return who tells a text while it is written; nobody where beams are, for they are rewritten."""
        told = config.num_beams in (None, 1) and getattr(self.view.processor, "is_fast", False)
        stops = config.stop_strings or ()
        return PieceStreamer(self.view.processor, self.context.emit, stops) if told else None

    def _processors(self, form: Form | None) -> list[Any]:
        """Return what constrains one batch: the task's own, and the form that options ask for."""
        own = list(self.task.processors(self.options, self.view))
        return [*own, form.processor()] if form else own

    def _form(self, config: Any) -> Form | None:
        if not isinstance(self.options, GenerationOptions):
            return None
        words = self.view.processor
        ends = config.eos_token_id if isinstance(config.eos_token_id, list) else [config.eos_token_id]
        begins = None if words.bos_token_id == words.eos_token_id else words.bos_token_id
        ending = [end for end in ends if end is not None and end != begins]
        free = int(self.model.module.config.is_encoder_decoder and config.forced_bos_token_id is not None)
        return form_of(self.options, words, ending, free=free)

    def _with_room(self, config: Any, prompt: int) -> Any:
        """Return the configuration for a prompt, which with its answer must fit what the model reads."""
        limit = self.model.files.max_length
        if limit is None or prompt + config.max_new_tokens <= limit:
            return config
        if prompt >= limit:
            raise ModelError(
                f"the prompt fills all {limit:,} tokens that the model reads: no room is left for an answer",
                hint=f"--max-length {limit // 2} cuts prompts, and says how many",
            )
        shorter = copy.deepcopy(config)
        shorter.max_new_tokens = limit - prompt
        return shorter

    def _within_positions(self, config: Any) -> Any:
        """Return the configuration for a decoder of its own, whose answers its positions must suffice for."""
        positions = getattr(self.model.module.config, "max_position_embeddings", None)
        if positions is None or config.max_new_tokens < positions:
            return config
        shorter = copy.deepcopy(config)
        shorter.max_new_tokens = positions - 1
        return shorter

    def _generated(self, prompt: list[int], ids: list[int], config: Any) -> Generated:
        """Cut what was written at its end: the token that ends it, or a stop word."""
        ends = config.eos_token_id if isinstance(config.eos_token_id, list) else [config.eos_token_id]
        end = next((place for place, token in enumerate(ids) if token in ends), None)
        tokens = ids if end is None else ids[:end]
        text = self._text(prompt, tokens)
        stops = [place for stop in config.stop_strings or () if (place := text.find(stop)) >= 0]
        if stops:
            return Generated(text[: min(stops)], tuple(tokens), "stop")
        forced = config.forced_eos_token_id is not None and end == config.max_new_tokens - 1
        return Generated(text, tuple(tokens), "length" if end is None or forced else "stop")

    def _text(self, prompt: list[int], tokens: list[int]) -> str:
        """Decode tokens behind their prompt: the space between the two belongs to the text."""
        decode = self.view.processor.decode
        before: str = decode(prompt, skip_special_tokens=True)
        whole: str = decode([*prompt, *tokens], skip_special_tokens=True)
        if prompt and whole.startswith(before):
            return whole[len(before) :]
        alone: str = decode(tokens, skip_special_tokens=True)
        return alone

    def _config(self) -> Any:
        """Return the model's own way of writing, with the task's arguments over it."""
        given = {"max_new_tokens": DEFAULT_NEW_TOKENS, **self.task.generation(self.options, self.view)}
        config = transformers.GenerationConfig(**self.model.module.generation_config.to_diff_dict())
        unknown = config.update(**given)
        if unknown:
            raise ModelError(f"transformers' generate knows no {', '.join(sorted(unknown))}")
        if "" in (config.stop_strings or ()):
            raise UsageError("an empty text would end all writing before it begins", hint="leave --stop out")
        config.max_length = None
        if config.pad_token_id is None:
            config.pad_token_id = self.view.processor.pad_token_id
        if config.eos_token_id is None:
            config.eos_token_id = self.view.processor.eos_token_id
        return config


class _Cancelled(transformers.StoppingCriteria):  # type: ignore[misc] # transformers is not typed
    """Ends the writing when the user asked for it."""

    def __init__(self, cancelled: CancelToken) -> None:
        self._cancelled = cancelled

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:  # noqa: ARG002
        return torch.full((input_ids.shape[0],), self._cancelled.is_set, device=input_ids.device)


def was_cut(prediction: Any, written: Generated) -> bool:
    """Whether a text was cut: as its prediction says, under `finish_reason`, or else as it was written.

    A task may leave out what follows on a whole text, which the limit then cut in vain.
    """
    if isinstance(prediction, Mapping):
        reason = prediction.get("finish_reason")
    else:
        reason = getattr(prediction, "finish_reason", None)
    return (reason or written.finish_reason) == "length"


def cut_texts(cut: int, written: int, limit: int) -> Guard | None:
    """Say how many texts were cut before their end; None when none was.

    Args:
        cut: those that ended for their length.
        written: all.
        limit: the length, in tokens.
    """
    if not cut:
        return None
    which = "the text was" if written == 1 else f"{cut:,} of {written:,} texts were"
    return Guard(
        "cut",
        "warn",
        f"{which} cut before the end",
        hint=f"--max-new-tokens {2 * limit} gives more room",
        count=cut,
    )
