"""`undo` gives names back what they held: line by line, bounded, and across a crash."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hfshell.api.results import Message, Undone
from hfshell.errors import StorageError, UsageError
from hfshell.session import Session, steps
from hfshell.session.names import Binding, Names

MODEL = {"source": "starter:minilm", "task": None, "dtype": "float32", "device": "cpu"}


def held(names: Names) -> dict[str, object]:
    """What is bound, as far as undo promises it."""
    return {binding.name: binding.recipe for binding in names}


def line(names: Names, text: str, *values: tuple[str, str]) -> None:
    """Bind plain values, all of one line."""
    names.begin(text)
    for name, value in values:
        names.bind_value(name, value)


def test_name_gets_back_what_it_held() -> None:
    """Over again, until nothing is left; then it is said."""
    names = Names()
    line(names, "let a = 1", ("a", "1"))
    line(names, "let a = 2", ("a", "2"))
    undone = names.undo()
    assert undone.line == "let a = 2"
    assert [(old and old.value, new and new.value) for old, new in undone.names.values()] == [("2", "1")]
    assert names.get("a").value == "1"
    assert names.undo().names["a"][1] is None
    assert "a" not in names
    with pytest.raises(UsageError, match="nothing to undo"):
        names.undo()


def test_line_is_undone_as_a_whole() -> None:
    """Names that one line changed change back together; of one changed twice the first value counts."""
    names = Names()
    line(names, "let a = 1", ("a", "1"))
    line(names, "source s.hfsh", ("a", "2"), ("b", "2"), ("a", "3"))
    names.undo()
    assert held(names) == {"a": {"text": "1"}}


def test_forgotten_name_comes_back_parked() -> None:
    """`unload` frees the memory, and undo does not hold it either."""
    names = Names()
    names.begin("base = load minilm")
    weights = object()
    names.bind(Binding("base", "model", MODEL, weights))
    names.use_model(names.get("base"))
    names.begin("unload base")
    names.forget("base")
    names.undo()
    assert (names.get("base").recipe, names.get("base").value) == (MODEL, None)
    assert names.current_model is not None
    assert names.current_model.name == "base"


def test_last_model_is_the_one_of_before() -> None:
    """`_` follows the name that is undone, and no other."""
    names = Names()
    names.begin("a = load x")
    names.bind(Binding("a", "model", {**MODEL, "source": "x"}))
    names.use_model(names.get("a"))
    names.begin("b = load y")
    names.bind(Binding("b", "model", {**MODEL, "source": "y"}))
    names.use_model(names.get("b"))
    names.undo()
    assert names.current_model is not None
    assert names.current_model.name == "a"


def test_results_are_whole_again() -> None:
    """A result is no recipe: it stays as it was."""
    names = Names()
    names.begin("note = echo a")
    names.bind_result("note", Message(lines=("a",)))
    line(names, "let note = 1", ("note", "1"))
    names.undo()
    assert names.get("note").value == Message(lines=("a",))


def test_steps_outlive_a_crash(tmp_path: Path) -> None:
    """The journal knows them: a kernel that comes back undoes what the one before it did."""
    names = Names(tmp_path / "names.json")
    line(names, "let a = 1", ("a", "1"))
    line(names, "let a = 2", ("a", "2"))
    again = Names(tmp_path / "names.json")
    assert again.undo().line == "let a = 2"
    assert again.get("a").value == "1"
    third = Names(tmp_path / "names.json")
    assert third.undo().line == "let a = 1"
    assert list(third) == []


def test_number_of_steps_is_bounded(tmp_path: Path) -> None:
    """Memory and journal do not grow for ever."""
    names = Names(tmp_path / "names.json")
    for number in range(3 * steps.MOST_STEPS):
        line(names, f"let a = {number}", ("a", str(number)))
    assert names.undoable == steps.MOST_STEPS


def test_size_of_steps_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large results push old steps out, and the last one can always be undone."""
    monkeypatch.setattr(steps, "MOST_BYTES", 10_000)
    journal = tmp_path / "names.json"
    names = Names(journal)
    for number in range(6):
        names.begin(f"line {number}")
        names.bind_result("r", Message(lines=("x" * 4_000, str(number))))
    assert 1 <= names.undoable <= 3
    assert journal.stat().st_size < 20_000
    names.undo()
    assert names.get("r").value.lines[1] == "4"


def test_steps_without_a_journal_are_bounded_too() -> None:
    """A session in Python keeps no more."""
    names = Names()
    for number in range(3 * steps.MOST_STEPS):
        line(names, f"let a = {number}", ("a", str(number)))
    assert names.undoable == steps.MOST_STEPS


def test_several_names_are_one_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that is loaded is in the journal whole or not at all."""
    journal = tmp_path / "names.json"
    names = Names(journal)
    line(names, "let a = 1", ("a", "1"))

    def refuse(*_: object) -> None:
        raise StorageError("the disk refused")

    monkeypatch.setattr("hfshell.session.names.write_file_atomically", refuse)
    with pytest.raises(StorageError):
        names.bind_all([Binding("b", "value", {"text": "2"}, "2"), Binding("c", "value", {"text": "3"}, "3")])
    assert [entry["name"] for entry in json.loads(journal.read_text())["names"]] == ["a"]


def test_undo_is_a_command() -> None:
    """From Python as at the prompt; what it says names the line, and what changed."""
    with Session(config=False) as session:
        session.run("let a = 1")
        session.run("let a = 2")
        session.run("unload --all")
        undone = session.run("undo")
        assert isinstance(undone, Undone)
        assert (undone.line, undone.left) == ("unload --all", 2)
        (name,) = undone.names
        assert (name.name, name.held, name.holds and name.holds.what) == ("a", None, "2")
        session.run("undo")
        session.run("expect $a == 1")
        session.run("undo")
        with pytest.raises(UsageError, match="nothing to undo"):
            session.run("undo")


def test_line_that_fails_changes_nothing_to_undo() -> None:
    """Only what bound a name can be undone."""
    with Session(config=False) as session:
        session.run("let a = 1")
        with pytest.raises(UsageError):
            session.run("b = load")
        session.run("echo x")
        undone = session.run("undo")
        assert isinstance(undone, Undone)
        assert undone.line == "let a = 1"
