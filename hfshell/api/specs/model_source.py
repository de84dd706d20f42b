"""`ModelSourceSpec`: a way to find models by name."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.specs.version import API_VERSION


@dataclass(frozen=True)
class ModelSourceSpec:
    """A way to find models by name.

    Example::

        ModelSourceSpec(
            scheme="shelf",
            summary="Models on the company's shelf",
            target="hfshell_shelf.source:find",   # def find(name: str) -> Path
            names=("router", "triage"),
            api=1,
        )

    Attributes:
        scheme: what stands before the colon, `starter`.
        summary: one line for `help`.
        names: names it is known to offer, for completion; short names work without the scheme when no local
            folder has that name.
        target: `package.module:function`, called with the name behind the colon; returns the folder's path.
            It raises `ModelError` with a hint when the model is not there.
        api: the version of the contract it was written for.
    """

    scheme: str
    summary: str
    target: str
    names: tuple[str, ...] = ()
    api: int = API_VERSION

    @property
    def name(self) -> str:
        """The scheme, by which it is known."""
        return self.scheme
