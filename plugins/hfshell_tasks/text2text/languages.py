"""Languages of models that know many: what their tokenizers call them, and what writing begins with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hfshell.api import UsageError


@dataclass(frozen=True)
class Languages:
    """The languages that are read and written.

    Attributes:
        source: as the tokenizer calls it; None for the one that it is set to.
        target: likewise.
    """

    source: str | None = None
    target: str | None = None

    @contextmanager
    def set_on(self, processor: Any) -> Iterator[None]:
        """Set a tokenizer to these languages, and back again."""
        before = {name: getattr(processor, name, None) for name in ("src_lang", "tgt_lang")}
        wanted = {"src_lang": self.source, "tgt_lang": self.target}
        try:
            for name, language in wanted.items():
                if language is not None:
                    setattr(processor, name, language)
            yield
        finally:
            for name, language in wanted.items():
                if language is not None and before[name] is not None:
                    setattr(processor, name, before[name])

    def first_token(self, processor: Any) -> int | None:
        """Return the token that a text of the target language begins with; None where there is none such."""
        target = self.target or (getattr(processor, "tgt_lang", None) if has_languages(processor) else None)
        return None if target is None else _token_of(processor, target)

    def said(self, processor: Any) -> str:
        """Return the pair in words, `en_XX → de_DE`; empty where the tokenizer knows no languages."""
        if not has_languages(processor):
            return ""
        source = self.source or processor.src_lang
        target = self.target or processor.tgt_lang
        return f"{source} → {target}" if source and target else ""


def languages_of(processor: Any, options: Any) -> Languages:
    """Return the languages that options name.

    Raises:
        UsageError: the tokenizer does not know one of them.
    """
    source = getattr(options, "source_language", None)
    target = getattr(options, "target_language", None)
    if not has_languages(processor):
        return Languages()
    for language in (source, target):
        if language is not None and _token_of(processor, language) is None:
            raise UsageError(f"the model knows no language {language}", hint=f"it knows {_some(processor)}")
    return Languages(source, target)


def pair_of(options: Any) -> str:
    """Return how T5 calls a translation, `translation_en_to_de`; `translation` where nobody says the pair."""
    source = getattr(options, "source_language", None)
    target = getattr(options, "target_language", None)
    return f"translation_{source}_to_{target}" if source and target else "translation"


def has_languages(processor: Any) -> bool:
    """Whether a tokenizer is of a model that knows many languages: mBART, M2M100, NLLB."""
    return hasattr(processor, "src_lang") and hasattr(processor, "tgt_lang")


def _token_of(processor: Any, language: str) -> int | None:
    """Return a language's token: it is called as the language, or between underscores."""
    vocabulary = processor.get_vocab()
    return next((vocabulary[name] for name in (language, f"__{language}__") if name in vocabulary), None)


def _some(processor: Any) -> str:
    named = [str(token) for token in getattr(processor, "additional_special_tokens", ()) or ()]
    shown = [name.strip("_") for name in named[:5]]
    return ", ".join([*shown, "…"] if len(named) > 5 else shown) or "none by that name"
