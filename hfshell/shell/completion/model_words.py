"""Where models come from, as candidates: bound names, starters, runs, the Hub's cache, folders."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from hfshell.plugin_host import PluginHost
from hfshell.shell.banner import graphics_processors
from hfshell.shell.completion.bound_names import BoundNames
from hfshell.shell.completion.files import files
from hfshell.shell.completion.hub_cache import cached
from hfshell.shell.completion.runs import newest_runs
from hfshell.shell.completion.suggestions import Candidate

ARCHITECTURES = {
    "bert": "an encoder",
    "llama": "a causal writer",
    "gpt2": "a causal writer",
    "bart": "an encoder and a decoder",
    "t5": "an encoder and a decoder",
    "vit": "one that sees",
    "ast": "one that hears",
}
"""What `new` makes, as `hfshell.models.fresh` has it, which is too heavy for this process."""


class ModelWords:
    """Words that a model is due in place of.

    Args:
        bound: what is bound.
        plugins: what is installed.
        runs: the folder of run directories.
    """

    def __init__(self, bound: BoundNames, plugins: PluginHost, runs: Path) -> None:
        self._bound = bound
        self._plugins = plugins
        self._runs = runs

    def bound(self) -> Iterator[Candidate]:
        """Bound models, and `_` when there is one to mean."""
        models = self._bound.of(("model",))
        yield from models
        if models:
            yield Candidate("_", "the last model used")

    def sources(self, typed: str) -> Iterator[Candidate]:
        """Whatever `load` takes, bound models first."""
        yield from self.bound()
        for source in self._plugins.model_sources():
            yield from (Candidate(name, source.summary) for name in source.names)
            if typed.startswith(f"{source.scheme}:"):
                yield from (Candidate(f"{source.scheme}:{name}") for name in source.names)
        yield from cached("models")
        yield from self._with_schemes(typed)
        yield from files(typed, folders_only=True, models=True)

    def _with_schemes(self, typed: str) -> Iterator[Candidate]:
        for task in self._plugins.tasks():
            yield from (Candidate(f"{scheme}:", task.summary, final=False) for scheme in task.schemes)
        if typed.startswith("run:"):
            yield from (Candidate(f"run:{run.text}", run.meta) for run in newest_runs(self._runs))
        else:
            yield Candidate("run:", "the model of an earlier run", final=False)
        if typed.startswith("new:"):
            yield from (Candidate(f"new:{item.text}", item.meta) for item in architectures())
        else:
            yield Candidate("new:", "random weights, to be pretrained", final=False)


def architectures() -> Sequence[Candidate]:
    """What `new` makes."""
    return [Candidate(name, meta) for name, meta in ARCHITECTURES.items()]


def devices() -> Iterator[Candidate]:
    """Where models can be placed here."""
    yield Candidate("auto", "the fastest there is")
    yield Candidate("cpu")
    count = graphics_processors()
    if count:
        yield Candidate("cuda", "the first graphics processor")
        yield from (Candidate(f"cuda:{number}") for number in range(1, count))
    if sys.platform == "darwin":
        yield Candidate("mps", "the graphics processor")
