"""The work of a plugin that misbehaves: each model's name says how and where, `bad:hang.predict`."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from misbehaviour import MISBEHAVIOUR

RETURNS: dict[str, Any] = {
    "none": None,
    "wrong": 1j,
    "text": "ab",
    "endless": iter(list, None),
    "too few": [],
    "huge": "x" * 100_000_000,
}


def act(place: str, name: str) -> Any:
    """Misbehave if this is the place; return what should be returned instead of the usual, if anything."""
    kind, _, where = name.rpartition(".")
    kind = kind.replace("-", " ")
    if where != place:
        return None
    if kind in RETURNS:
        return (RETURNS[kind],)
    exec(MISBEHAVIOUR[kind], {})
    return None


def act_once(place: str) -> None:
    """Misbehave as the file `once` says, if this is the place, and never again."""
    once = Path(__file__).with_name("once")
    name = once.read_text() if once.exists() else ""
    if name.endswith(f".{place}"):
        once.unlink()
        act(place, name)


class Bad:
    """A task whose models are their names."""

    def load(self, source, options, context):
        name = source if isinstance(source, str) else (source.folder / "name").read_text()
        instead = act("load", name)
        return instead[0] if instead else SimpleNamespace(name=name)

    def finetune(self, model, data, options, context):
        instead = act("finetune", model.name)
        return instead[0] if instead else SimpleNamespace(name=model.name)

    def predict(self, model, rows, options, context):
        if act("items", model.name):
            return [1j for _ in rows]
        instead = act("predict", model.name)
        return instead[0] if instead else [model.name, *("fine" for _ in rows[1:])]

    def save(self, model, folder):
        act("save", model.name)
        (folder / "name").write_text(model.name)

    def size(self, model):
        instead = act("size", model.name)
        return instead[0] if instead else 10

    def labels(self, model):
        instead = act("labels", model.name)
        return instead[0] if instead else ("a", "b")

    def answer(self, prediction):
        instead = act("answer", prediction)
        return instead[0] if instead else prediction


class BadEval(Bad):
    """One that measures its models itself."""

    def eval(self, model, rows, options, context):
        instead = act("eval", model.name)
        return instead[0] if instead else {"accuracy": 0.5}


def misbehave(context, options):
    instead = act("command", f"{options.kind}.command")
    return instead[0] if instead else None


def read(path: Path):
    instead = act("format", f"{path.stem}.format")
    if instead:
        return instead[0]
    return [{"text": f"text {number}", "label": "ab"[number % 2]} for number in range(20)]


def find(name: str):
    act("source", f"{name}.source")
    return Path(__file__).parent


def measure(expected, predicted):
    instead = act("metric", predicted[0] if isinstance(predicted[0], str) else "")
    return instead[0] if instead else 0.5


def show(result):
    instead = act("view", result.rows[0] if isinstance(result.rows[0], str) else "")
    return instead[0] if instead else None
