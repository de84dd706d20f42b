"""Options that the tasks add to the commands."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import GenerationOptions, option


@dataclass(frozen=True)
class RewritingOptions(GenerationOptions):
    """Options of `predict`, and of `eval`, which predicts."""

    prefix: str | None = option(
        None, 'Put before each text, as T5 wants it: "summarize: "; the model\'s own without it'
    )


@dataclass(frozen=True)
class TranslationOptions(RewritingOptions):
    """Those of translations."""

    source_language: str | None = option(
        None, "Language that is read, as the model calls it: en, en_XX, eng_Latn"
    )
    target_language: str | None = option(None, "Language that is written, as the model calls it")
