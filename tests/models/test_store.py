"""Warm models are shared, counted against the budget, and really gone when they are parked."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from hfshell.api.models import LoadedModel
from hfshell.errors import ModelError
from hfshell.models.loading import load_model
from hfshell.models.memory import release_memory
from hfshell.models.store import ModelKey, ModelStore
from tests.models import tiny

Loader = Callable[[], LoadedModel]


@pytest.fixture
def loader(tmp_path: Path) -> Loader:
    """Loads a model of about 100 kB."""
    files = tiny.files(tiny.bert(tmp_path / "m"))
    return lambda: load_model(files)


@pytest.fixture
def size(loader: Loader) -> int:
    """Bytes of that model."""
    return loader().bytes


def key(name: str) -> ModelKey:
    return ModelKey(name)


def test_loading_twice_is_loading_once(loader: Loader) -> None:
    """The second mention gives the very same object."""
    store = ModelStore()
    first = store.get(key("a"), loader)
    assert store.get(key("a"), loader) is first
    assert store.get(key("a")) is first
    assert store.is_warm(key("a"))


def test_other_task_or_type_is_another_model(loader: Loader) -> None:
    """A key is source, task, dtype and device."""
    store = ModelStore()
    keys = [
        ModelKey("a"),
        ModelKey("a", "text-classification"),
        ModelKey("a", dtype="bfloat16"),
        ModelKey("a", device="cuda:0"),
    ]
    assert len({id(store.get(one, loader)) for one in keys}) == 4


def test_unload_frees_the_memory(loader: Loader) -> None:
    """Nothing in the store keeps a forgotten model alive."""
    store = ModelStore(release=release_memory)
    module = weakref.ref(store.get(key("a"), loader).module)
    freed = store.unload(key("a"))
    gc.collect()
    assert module() is None
    assert freed > 90_000
    assert key("a") not in store
    assert store.bytes == 0


def test_parked_model_comes_back(loader: Loader) -> None:
    """Parking frees the memory and forgets nothing."""
    store = ModelStore(release=release_memory)
    model = store.get(key("a"), loader)
    before, module = tiny.checksum(model.module), weakref.ref(model.module)
    del model
    store.park(key("a"))
    assert module() is None
    assert [stored.state for stored in store] == ["parked"]
    assert store.bytes == 0
    assert tiny.checksum(store.get(key("a")).module) == before
    assert [stored.state for stored in store] == ["warm"]


def test_least_recently_used_is_parked_first(loader: Loader, size: int) -> None:
    """The budget holds two; a third parks the one that was not used."""
    store = ModelStore(budget=2 * size)
    for name in ("a", "b"):
        store.get(key(name), loader)
    store.get(key("a"))
    store.get(key("c"), loader, expected=size)
    assert {stored.key.source: stored.state for stored in store} == {"a": "warm", "b": "parked", "c": "warm"}
    assert store.bytes <= 2 * size


def test_room_is_made_before_loading(loader: Loader, size: int) -> None:
    """Two models are never in memory at once when only one fits."""
    store = ModelStore(budget=size)
    store.get(key("a"), loader)
    seen: list[int] = []

    def watching() -> LoadedModel:
        seen.append(store.bytes)
        return loader()

    store.get(key("b"), watching, expected=size)
    assert seen == [0]


def test_pinned_model_stays(loader: Loader, size: int) -> None:
    """What is in use is neither parked nor unloaded, whatever the budget says."""
    store = ModelStore(budget=size)
    store.get(key("a"), loader)
    with store.pinned(key("a")):
        store.get(key("b"), loader)
        assert store.is_warm(key("a"))
        for forget in (store.park, store.unload):
            with pytest.raises(ModelError, match="a is in use"):
                forget(key("a"))
    store.park(key("a"))
    assert not store.is_warm(key("a"))


def test_pin_is_let_go_on_error(loader: Loader) -> None:
    """A command that fails does not hold its model for ever."""
    store = ModelStore()
    store.get(key("a"), loader)
    with pytest.raises(ZeroDivisionError), store.pinned(key("a")):
        _ = 1 / 0
    assert store.unload(key("a")) > 0


def test_model_on_no_disk_is_never_parked(loader: Loader, size: int) -> None:
    """What cannot be read again is not dropped to make room."""
    store = ModelStore(budget=size)
    store.add(key("made here"), loader(), load=None)
    store.get(key("b"), loader)
    assert store.is_warm(key("made here"))
    with pytest.raises(ModelError, match="on no disk"):
        store.park(key("made here"))
    assert store.unload(key("made here")) == size


def test_larger_than_the_budget_still_loads(loader: Loader) -> None:
    """A budget parks others; it does not forbid the one that is asked for."""
    store = ModelStore(budget=1)
    assert store.get(key("a"), loader).parameters > 0
    assert store.is_warm(key("a"))


def test_failed_load_leaves_no_trace() -> None:
    """The next mention tries again instead of finding half a model."""
    store = ModelStore()

    def fail() -> LoadedModel:
        raise ModelError("no")

    with pytest.raises(ModelError):
        store.get(key("a"), fail)
    assert key("a") not in store


def test_unknown_without_a_loader() -> None:
    """A key alone loads nothing."""
    with pytest.raises(ModelError, match="a is not in memory"):
        ModelStore().get(key("a"))


def test_dirty_is_seen(loader: Loader) -> None:
    """`models` shows a model that must not be used."""
    store = ModelStore()
    store.get(key("a"), loader).dirty = "broken off"
    assert [stored.state for stored in store] == ["dirty"]


def test_replacing_a_model_drops_the_old_one(loader: Loader) -> None:
    """A result that takes another's place does not leave both in memory."""
    store = ModelStore(release=release_memory)
    old = weakref.ref(store.get(key("a"), loader).module)
    store.add(key("a"), loader(), loader)
    gc.collect()
    assert old() is None
    assert len(list(store)) == 1


def test_who_listens_hears_of_all_that_left(loader: Loader, size: int) -> None:
    """Parked, pushed out, replaced and forgotten models are told, each once; loading is not leaving."""
    left: list[str] = []
    store = ModelStore(budget=2 * size, dropped=lambda gone, _model: left.append(gone.source))
    for name in ("a", "b", "c"):
        store.get(key(name), loader)
    assert left == ["a"]
    store.park(key("b"))
    store.add(key("c"), loader(), loader)
    assert left == ["a", "b", "c"]
    store.unload(key("a"), key("b"), key("c"), key("never"))
    assert left == ["a", "b", "c", "c"]


def test_several_are_forgotten_together_or_not_at_all(loader: Loader, size: int) -> None:
    """One that is in use keeps the others; their memory is given back once."""
    released: list[int] = []
    store = ModelStore(release=lambda: released.append(1))
    for name in ("a", "b"):
        store.get(key(name), loader)
    with store.pinned(key("b")), pytest.raises(ModelError, match="b is in use"):
        store.unload(key("a"), key("b"))
    assert store.is_warm(key("a"))
    assert store.unload(key("a"), key("b"), key("a")) == 2 * size
    assert released == [1]


def test_the_newest_way_to_load_counts(loader: Loader) -> None:
    """A parked model comes back by the command that wants it now, not by one that is long over."""
    store = ModelStore()
    store.get(key("a"), loader)
    store.park(key("a"))
    asked: list[int] = []

    def newer() -> LoadedModel:
        asked.append(1)
        return loader()

    store.get(key("a"), newer)
    store.park(key("a"))
    store.get(key("a"))
    assert asked == [1, 1]
