"""Names, what they hold, and how they come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfshell.api.results import Message
from hfshell.errors import UsageError
from hfshell.session.names import Binding, Names

MODEL = {"source": "starter:minilm", "task": None, "dtype": "float32", "device": "cpu"}


def test_unbound_name_offers_the_nearest() -> None:
    """A misspelt name is answered with the right one."""
    names = Names()
    names.bind_value("learning", "1")
    with pytest.raises(UsageError) as caught:
        names.get("lerning")
    assert "learning" in str(caught.value.hint)


def test_journal_brings_every_kind_back(tmp_path: Path) -> None:
    """After a crash all names are known; models and data are parked, the rest is whole."""
    journal = tmp_path / "names.json"
    names = Names(journal)
    names.bind_value("lr", "2e-5")
    names.bind_result("note", Message(lines=("a", "b")))
    names.bind(Binding("base", "model", MODEL, object()))
    names.use_model(names.get("base"))
    again = Names(journal)
    assert [(binding.name, binding.kind) for binding in again] == [
        ("lr", "value"), ("note", "result"), ("base", "model"),
    ]  # fmt: skip
    assert again.get("lr").value == "2e-5"
    assert again.get("note").value == Message(lines=("a", "b"))
    assert again.get("base").value is None
    assert again.current_model is not None
    assert again.current_model.recipe == MODEL


def test_secrets_are_written_nowhere(tmp_path: Path) -> None:
    """A token that somebody names stays in memory: it is in no journal, nor is the line that bound it."""
    journal = tmp_path / "names.json"
    names = Names(journal)
    for line, name, text in (
        ("let lr = 1e-3", "lr", "1e-3"),
        ("let mine = hf_abcdefghijklmnopqrst", "mine", "hf_abcdefghijklmnopqrst"),
        ("let api_key = swordfish", "api_key", "swordfish"),
        ("let api_key = other", "api_key", "other"),
    ):
        names.begin(line)
        names.bind_value(name, text)
    assert names.get("mine").value == "hf_abcdefghijklmnopqrst"
    assert [binding.name for binding in Names(journal)] == ["lr"]
    written = journal.read_text()
    assert not any(secret in written for secret in ("hf_abc", "swordfish", "other"))


def test_forgotten_name_is_gone_from_the_journal(tmp_path: Path) -> None:
    """`unload` outlives a restart too."""
    names = Names(tmp_path / "names.json")
    names.bind_value("lr", "1")
    names.forget("lr")
    assert list(Names(tmp_path / "names.json")) == []


def test_damaged_journal_is_set_aside(tmp_path: Path) -> None:
    """A journal that cannot be read costs the names, not the session."""
    journal = tmp_path / "names.json"
    journal.write_text('{"names": [')
    assert list(Names(journal)) == []
    assert journal.with_suffix(".damaged").exists()


def test_journal_is_left_alone_when_nothing_changes(tmp_path: Path) -> None:
    """Using the same model again writes nothing."""
    journal = tmp_path / "names.json"
    names = Names(journal)
    names.bind(Binding("base", "model", MODEL))
    names.use_model(names.get("base"))
    before = journal.stat().st_ino
    names.use_model(names.get("base"))
    assert journal.stat().st_ino == before
