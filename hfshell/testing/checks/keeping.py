"""Models in memory and on disk: loaded once, saved whole, and gone when they are unloaded."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING, Any

from hfshell.testing.likeness import require_same, require_unlike
from hfshell.testing.verdict import Fault, NotApplicable

if TYPE_CHECKING:
    from hfshell.session.session import Session
    from hfshell.testing.subject import Subject


_OTHERWISE, _HINT = "the model predicts otherwise", "save all that `predict` needs"


def loads_once(subject: Subject) -> None:
    """Load a model twice: the second time costs nothing."""
    line = subject.line("b = load", subject.base, "load")
    first = subject.run(line)["b"]
    if first.task != subject.spec.name:
        raise Fault(f"what was loaded is a model of {first.task}, not of {subject.spec.name}")
    if not subject.run(line.replace("b = ", "again = ", 1))["again"].already_warm:
        raise Fault("loading it again made a second model", "hfshell keeps models: `load` need not")


def comes_back(subject: Subject) -> None:
    """Load what was trained in a later session, by its run."""
    trained = subject.trained["t"]
    if not trained.folder:
        raise NotApplicable(f"{subject.spec.name} cannot save its models")
    before = subject.predict(model="t")
    subject.run(f"r = load run:{trained.run}", subject.later)
    after = subject.predict(model="r", session=subject.later)
    require_same(before, after, f"read from its run, {_OTHERWISE}", _HINT)
    require_unlike(before)


def saves(subject: Subject) -> None:
    """Save a model, load it in a later session, and save there what was loaded."""
    if not subject.chosen.has_save:
        raise NotApplicable(f"{subject.spec.name} cannot save its models")
    name, folder = subject.model, subject.bench.folder / "saved"
    before = subject.predict()
    subject.run(f"save {name} {folder}")
    subject.run(f"s = load {folder}\nsave s {folder}-again\nss = load {folder}-again", subject.later)
    for name, how in (("s", "saved and read again"), ("ss", "saved once more")):
        after = subject.predict(model=name, session=subject.later)
        require_same(before, after, f"{how}, {_OTHERWISE}", _HINT)
    require_unlike(before)


def lets_go(subject: Subject) -> None:
    """Unload a model, and see that its memory is gone."""
    session = subject.bench.session()
    subject.run(subject.line("u = load", subject.base, "load"), session)
    if "predict" in subject.spec.capabilities and subject.chosen.is_head:
        subject.predict(model="u", session=session)
    watched = _watched(session)
    subject.run("unload --all", session)
    gc.collect()
    if watched() is not None:
        raise Fault(
            "the model is still in memory after `unload`",
            "keep no model on the task, in a module or in a cache; hfshell keeps them",
        )


def _watched(session: Session) -> Any:
    """Return a weak reference to what the task made of the one model in a session."""
    (stored,) = session.warm.store
    assert stored.model is not None  # noqa: S101 - it was loaded a moment ago
    try:
        return weakref.ref(stored.model.module)
    except TypeError:
        kind = type(stored.model.module).__name__
        raise NotApplicable(f"its models are of the type {kind}, which cannot be watched") from None
