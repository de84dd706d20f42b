from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from hfshell.errors import UsageError
from hfshell.runs import Run, RunRequestRecord, RunStore

if TYPE_CHECKING:
    from pathlib import Path

    from hfshell.api.results import FinetuneResult

Asked = Callable[..., RunRequestRecord]


def made(store: RunStore, request: RunRequestRecord) -> Run:
    with store.create("finetune", request) as run:
        return run


def test_ids_are_six_hex_digits_and_no_run_is_lost(store: RunStore, asked: Asked) -> None:
    """Each run has a folder of its own, and all are listed, newest first."""
    runs = [made(store, asked(seed=seed)) for seed in range(20)]
    assert all(len(run.id) == 6 and int(run.id, 16) >= 0 for run in runs)
    assert [run.id for run in store.list()] == [run.id for run in reversed(runs)]
    assert [run.request["seed"] for run in store.list()] == list(reversed(range(20)))


def test_taken_id_is_not_taken_again(store: RunStore, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """When chance gives an ID twice, the earlier run stays as it was."""
    ids = iter(["aaaaaa", "aaaaaa", "bbbbbb"])
    monkeypatch.setattr("secrets.token_hex", lambda _size: next(ids, "cccccc"))
    store.folder.mkdir(parents=True)
    first = store._new_folder()
    (first / "request.json").write_text("{}")
    assert store._new_folder().name == "bbbbbb"
    assert (first / "request.json").read_text() == "{}"


def test_open_by_id_prefix_and_source_name(store: RunStore, asked: Asked) -> None:
    """An ID is found whole, by its beginning, in capitals, and as `run:ID`."""
    run = made(store, asked())
    for name in (run.id, run.id[:4], run.id.upper(), f"run:{run.id}"):
        assert store.open(name).id == run.id


def test_ambiguous_beginning_lists_the_runs(store: RunStore, asked: Asked) -> None:
    """Which of two was meant is asked, not guessed."""
    for name in ("abc111", "abc222"):
        made(store, asked()).folder.rename(store.folder / name)
    with pytest.raises(UsageError) as raised:
        store.open("abc")
    assert raised.value.hint is not None
    assert "abc111" in raised.value.hint
    assert "abc222" in raised.value.hint


@pytest.mark.parametrize("name", ["", "run:", "zzzzzz", "../..", "/", "*", "[a-f0-9]*"])
def test_unknown_run_is_a_usage_error(store: RunStore, asked: Asked, name: str) -> None:
    """Nothing outside the folder can be reached, no pattern matches, and the newest are offered."""
    run = made(store, asked())
    with pytest.raises(UsageError) as raised:
        store.open(name)
    assert raised.value.hint is not None
    assert run.id in raised.value.hint


def test_misspelt_run_gets_the_nearest(store: RunStore, asked: Asked) -> None:
    """One digit wrong is a typing mistake."""
    run = made(store, asked())
    wrong = run.id[:5] + ("0" if run.id[5] != "0" else "1")
    with pytest.raises(UsageError) as raised:
        store.open(wrong)
    assert raised.value.hint == f"did you mean {run.id}?"


def test_empty_home_has_no_runs(store: RunStore) -> None:
    """Looking makes nothing."""
    assert store.list() == []
    assert store.newest_unfinished("abc") is None
    with pytest.raises(UsageError, match="no run"):
        store.open("7f3a91")
    assert not store.folder.exists()


def test_newest_unfinished_run_of_the_same_request(
    store: RunStore, asked: Asked, finetuned: FinetuneResult
) -> None:
    """Resuming takes the newest run that asked the same and did not finish, and no other."""
    fingerprint = asked().fingerprint("finetune")
    assert store.newest_unfinished(fingerprint) is None
    made(store, asked())
    newer = made(store, asked(name="another name"))
    made(store, asked(seed=7))
    with store.create("finetune", asked()) as finished:
        finished.finish(finetuned)
    found = store.newest_unfinished(fingerprint)
    assert found is not None
    assert found.id == newer.id


def test_folders_that_are_no_runs_are_passed_over(store: RunStore, asked: Asked, tmp_path: Path) -> None:
    """A maker that was killed at once, and a damaged record, hide no other run."""
    run = made(store, asked())
    (store.folder / "dead00").mkdir()
    (store.folder / "notes.txt").write_text("mine")
    damaged = made(store, asked())
    (damaged.folder / "request.json").write_bytes(b"{")
    assert [known.id for known in store.list()] == [run.id, damaged.id]
    found = store.newest_unfinished(asked().fingerprint("finetune"))
    assert found is not None
    assert found.id == run.id
