"""Texts of a given form: tokens that would leave it cannot be written. The grammars are llguidance's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from hfshell.errors import Place, UsageError

if TYPE_CHECKING:
    from hfshell.api.generative import GenerationOptions

_BITS = 8


@dataclass(frozen=True)
class Form:
    """What a text must look like.

    Attributes:
        grammar: as llguidance writes grammars.
        tokens: the tokenizer as llguidance knows it.
        ends: tokens that end a text.
        free: how many tokens come first, whatever the form: one that tells a model its language.
    """

    grammar: str
    tokens: Any
    ends: tuple[int, ...]
    free: int = 0

    def processor(self) -> FormProcessor:
        """Return what keeps one batch of texts to the form."""
        return FormProcessor(self)


@dataclass
class FormProcessor:
    """Keeps a batch of texts to a form; for transformers a `LogitsProcessor`.

    A text has a matcher, which reads each token once. Beams that go on with the same text each get a copy.
    """

    form: Form
    _prompt: int | None = None
    _matchers: dict[tuple[int, ...], Any] = field(default_factory=dict)

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.Tensor:
        """Return the scores, with those of tokens that would leave the form at minus infinity."""
        if self._prompt is None:
            self._prompt = input_ids.shape[1] + self.form.free
        if input_ids.shape[1] < self._prompt:
            return scores
        written = [tuple(ids) for ids in input_ids[:, self._prompt :].tolist()]
        self._matchers = {ids: self._matcher(ids) for ids in dict.fromkeys(written)}
        masks = [self._forbidden(ids, scores.shape[-1]) for ids in written]
        return scores.masked_fill(torch.stack(masks).to(scores.device), -torch.inf)

    def _matcher(self, ids: tuple[int, ...]) -> Any:
        from llguidance import LLMatcher

        before = self._matchers.get(ids[:-1]) if ids else None
        if before is None:
            return LLMatcher(self.form.tokens, self.form.grammar)
        matcher = before.deep_copy()
        if not matcher.is_stopped():
            matcher.consume_token(ids[-1])
        return matcher

    def _forbidden(self, ids: tuple[int, ...], size: int) -> torch.Tensor:
        if not set(self.form.ends).isdisjoint(ids):
            return torch.zeros(size, dtype=torch.bool)  # it ended; what follows is padding
        forbidden = torch.ones(size, dtype=torch.bool)
        matcher = self._matchers[ids]
        if matcher.is_stopped():  # nothing may follow any more
            forbidden[list(self.form.ends)] = False
            return forbidden
        packed = torch.frombuffer(bytearray(matcher.compute_bitmask()), dtype=torch.uint8)
        allowed = (packed.unsqueeze(1) >> torch.arange(_BITS, dtype=torch.uint8)) & 1
        known = min(size, allowed.numel())
        forbidden[:known] = allowed.flatten()[:known] == 0
        return forbidden


def form_of(options: GenerationOptions, processor: Any, ends: Sequence[int], *, free: int = 0) -> Form | None:
    """Return the form that options ask for; None when they ask for none.

    Args:
        options: with `choices`, `regex` or `json_schema`.
        processor: the tokenizer.
        ends: tokens that end a text.
        free: how many tokens come first, whatever the form.

    Raises:
        UsageError: there are several, it cannot be read, or what reads it is not installed.
    """
    asked = {"choices": options.choices, "regex": options.regex, "json-schema": options.json_schema}
    given = [name for name, value in asked.items() if value]
    if not given:
        return None
    if len(given) > 1:
        raise UsageError(f"--{given[0]} and --{given[1]} are two forms: one is enough")
    if options.stop:
        raise UsageError(f"--stop would end a text before it has the form of --{given[0]}")
    try:
        import llguidance
        from llguidance.hf import from_tokenizer
    except ImportError:
        install = "pip install 'hfshell[constraints]'"
        raise UsageError(f"--{given[0]} needs llguidance", hint=install) from None
    backend = getattr(processor, "backend_tokenizer", None)
    if backend is None or type(backend.decoder).__name__ == "WordPiece":
        raise UsageError(f"--{given[0]} cannot be held with the words of {type(processor).__name__}")
    if not ends:
        raise UsageError("the tokenizer has no token that ends a text: one of a given form would not end")
    if len(options.choices) == 1:
        raise UsageError(
            f"there is one choice, '{options.choices[0]:.60}': it would always be written",
            hint="--choices yes --choices no, each with its own --choices",
        )
    grammar = _grammar(options, llguidance.LLMatcher)
    tokens = from_tokenizer(processor, n_vocab=len(processor), eos_token=list(ends))
    fault = llguidance.LLMatcher.validate_grammar(grammar, tokens)
    if fault:
        raise UsageError(f"--{given[0]} cannot be used: {_reason(fault)}")
    return Form(grammar, tokens, tuple(ends), free)


def _reason(fault: str) -> str:
    """Return what is wrong, out of the lines that llguidance says it in: it repeats expressions in others."""
    lines = fault.strip().splitlines()
    said = (line.removeprefix("error: ") for line in lines if line.startswith("error: "))
    return next(said, lines[0])


def _grammar(options: GenerationOptions, kinds: Any) -> str:
    if options.choices:
        choices = " | ".join(json.dumps(choice, ensure_ascii=False) for choice in options.choices)
        made: str = kinds.grammar_from_lark(f"start: {choices}")
    elif options.regex:
        made = kinds.grammar_from_regex(options.regex)
    else:
        made = kinds.grammar_from_json_schema(_schema(str(options.json_schema)))
    return made


def _schema(given: str) -> str:
    """Return a JSON schema that was given as it is, or as a file's name.

    Raises:
        UsageError: there is no such file, or it holds no JSON.
    """
    text, place = given, None
    if not given.lstrip().startswith("{"):
        place = Place(given)
        try:
            text = Path(given).expanduser().read_text(encoding="utf-8")
        except OSError as error:
            raise UsageError(f"the schema cannot be read: {error.strerror}", place=place) from None
        except UnicodeDecodeError as error:
            raise UsageError(f"the schema cannot be read: {error}", place=place) from None
    try:
        json.loads(text)
    except ValueError as error:
        raise UsageError(f"the schema is no JSON: {error}", place=place) from None
    return text
