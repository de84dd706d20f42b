"""Models that work without a network, from PyPI packages: the declaration."""

from __future__ import annotations

from hfshell.api import ModelSourceSpec, hookimpl

SPEC = ModelSourceSpec(
    scheme="starter",
    summary="Small models from PyPI packages, for a first try without a network",
    names=("minilm",),
    target="hfshell_tasks.starter.source:find",
)


@hookimpl
def hfshell_model_sources() -> list[ModelSourceSpec]:
    """Offer the source."""
    return [SPEC]
