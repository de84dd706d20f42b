"""`RendererSpec`: how a result looks."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.specs.version import API_VERSION


@dataclass(frozen=True)
class RendererSpec:
    """How a result looks: a function from a result to a view, which is data.

    The function runs where the work is done; only the view reaches the shell, which lays it out for the
    screen at hand, for a screen reader, for HTML and for Markdown.

    Example::

        RendererSpec(
            kind="predictions",
            task="stars",
            target="hfshell_stars.view:show",   # def show(result: PredictionResult) -> View
            api=1,
        )

    Attributes:
        kind: the kind of result it shows: `predictions`, `evaluation`, or that of a result type of its own.
        target: `package.module:function`, called with the result; returns a `View`, or None to have it shown
            the usual way.
        task: only results of this task, one of the same package's; None for those of all its tasks, or, of a
            result type of a plugin's own, for all.
        api: the version of the contract it was written for.
    """

    kind: str
    target: str
    task: str | None = None
    api: int = API_VERSION

    @property
    def name(self) -> str:
        """The kind of result, and the task, by which it is known."""
        return f"{self.kind} of {self.task}" if self.task else self.kind
