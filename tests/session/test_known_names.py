"""What is bound, as completion and the toolbar are told of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hfshell import Session
from hfshell.api.requests import NameInfo
from hfshell.api.results import Message
from hfshell.session.known_names import describe_names
from hfshell.session.names import Binding, Names

if TYPE_CHECKING:
    from hfshell.models.task_model import InMemory


@dataclass
class Model:
    """A model in memory, as far as it is described."""

    module: object = ()
    labels: tuple[str, ...] = ("billing", "refunds")
    task: str | None = "text-classification"
    dirty: str | None = None
    parameters: int = 22
    bytes: int = 88


def described(names: Names, model: Model | None = None) -> dict[str, NameInfo]:
    """Describe names, all of whose models are this one."""
    found = describe_names(names, lambda _: cast("InMemory | None", model))
    return {info.name: info for info in found}


def test_a_warm_model_tells_its_size_its_task_and_its_labels() -> None:
    """The menu and the toolbar say what a model is without asking again."""
    names = Names()
    names.bind(Binding("router", "model", {"task": "text-classification"}))
    names.use_model(names.get("router"))
    assert described(names, Model())["router"] == NameInfo(
        "router",
        "model",
        "tuple",
        labels=("billing", "refunds"),
        task="text-classification",
        state="warm",
        current=True,
        parameters=22,
        bytes=88,
    )
    assert described(names, Model(dirty="aborted"))["router"].state == "dirty"


def test_a_parked_model_keeps_its_task() -> None:
    """Options of its task are offered although its weights are not there."""
    names = Names()
    names.bind(Binding("router", "model", {"task": "fill-mask"}))
    assert described(names)["router"] == NameInfo("router", "model", task="fill-mask", state="parked")


def test_data_tells_its_columns_and_labels(tmp_path: Path) -> None:
    """Splits without rows are left out; a parked set is taken to have all of them."""
    path = tmp_path / "tickets.csv"
    rows = "".join(f"text number {row},{'ab'[row % 2]}\n" for row in range(40))
    path.write_text(f"message,queue\n{rows}")
    with Session() as session:
        session.run(f"tickets = data {path} --test 0")
        (info,) = session.known_names()
        session.names.park("tickets")
        (parked,) = session.known_names()
    assert (info.columns, info.labels, info.rows) == (("message", "queue"), ("a", "b"), 40)
    assert info.splits == ("train", "validation")
    assert parked.splits == ("train", "validation", "test")


def test_results_and_values_tell_what_they_hold() -> None:
    """The value of a field stands beside it before it is chosen."""
    names = Names()
    names.bind_value("lr", "2e-5")
    names.bind_result("said", Message(lines=("hello",)))
    found = described(names)
    assert found["lr"] == NameInfo("lr", "value", "2e-5")
    assert (found["said"].kind, found["said"].detail) == ("result", "message")
    assert len(found["said"].values) == len(found["said"].fields)
