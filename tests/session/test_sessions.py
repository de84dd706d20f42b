"""A session comes back: loaded and fine-tuned models, data with its splits, results and values."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hfshell import Session
from hfshell.api.results import PredictionResult, SessionChanged, SessionTable
from hfshell.errors import HfshellError, UsageError
from hfshell.journal.crashed import own


@pytest.fixture(scope="module")
def there(tiny_model: Path, table: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home in which `work` was saved from a folder that relative names start from."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        folder = tmp_path_factory.mktemp("there")
        shutil.copytree(tiny_model, folder / "tiny")
        shutil.copy(table, folder / "messages.csv")
        patch.setenv("HFSHELL_HOME", str(home))
        patch.chdir(folder)
        with Session(config=False) as session:
            session.run(
                "tickets = data messages.csv --test 0.4 --seed 3\n"
                "base = load ./tiny\n"
                "router = finetune base tickets --epochs 1 --learning-rate 5e-3\n"
                "ev = eval router tickets.test\n"
                "let lr = 2e-5\n"
                "session save work"
            )
        yield home


@pytest.fixture(autouse=True)
def elsewhere(there: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in another folder, in the home where the session was saved."""
    monkeypatch.setenv("HFSHELL_HOME", str(there))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def loaded() -> Iterator[Session]:
    """A new session into which it was loaded."""
    with Session(config=False) as session:
        session.run("session load work")
        yield session


def test_nothing_is_loaded_before_it_is_mentioned(loaded: Session) -> None:
    """Names come back at once, and parked."""
    kinds = {info.name: (info.kind, info.state) for info in loaded.known_names()}
    assert kinds["router"] == ("model", "parked")
    assert kinds["tickets"][0] == "data"
    assert set(kinds) == {"tickets", "base", "router", "ev", "lr"}
    assert "warm" not in loaded.__dict__ or not list(loaded.warm.store)


def test_finetuned_model_comes_back(loaded: Session) -> None:
    """What was learnt lies in its run, and is found from another folder."""
    predicted = loaded.run('predict router "my card was charged twice"')
    assert isinstance(predicted, PredictionResult)
    loaded.run('predict _ "my parcel"')


def test_loaded_model_comes_back(loaded: Session) -> None:
    """Its folder was named relative to where the session was saved."""
    loaded.run("again = finetune base tickets --epochs 0.2")


def test_data_comes_back_with_its_splits(loaded: Session) -> None:
    """Options and seed are those of before: the same rows stand in the same split."""
    found = loaded.run("again = eval router tickets.test")
    assert found is not None
    before = loaded.names.get("ev").value
    assert found.fields()["n"] == before.fields()["n"]
    assert found.fields()["accuracy"] == before.fields()["accuracy"]
    assert not any(guard.name == "data-changed" for guard in found.guards)


def test_results_and_values_come_back_whole(loaded: Session) -> None:
    """They need nothing to be loaded."""
    loaded.run("expect ev.n == 60\nexpect $lr == 2e-5")
    assert "warm" not in loaded.__dict__ or not list(loaded.warm.store)


def test_file_that_is_gone_is_said_when_it_is_mentioned(there: Path, elsewhere: Path) -> None:
    """Not before: the other names work."""
    file = elsewhere / "rows.csv"
    file.write_text("text,label\n" + "".join(f"a text {n},l{n % 2}\n" for n in range(40)))
    with Session(config=False) as session:
        session.run(f"d = data {file}\nlet x = 1\nsession save gone")
    file.unlink()
    with Session(config=False) as session:
        session.run("session load gone")
        session.run("expect $x == 1")
        with pytest.raises(HfshellError, match=r"rows\.csv"):
            session.run("show d")


def test_loading_stands_beside_what_is_there() -> None:
    """Names of now stay; one of the same name is said, and undone as a whole."""
    with Session(config=False) as session:
        session.run("let mine = 1\nlet lr = 3")
        changed = session.run("session load work")
        assert isinstance(changed, SessionChanged)
        assert (changed.what, changed.replaced) == ("loaded", ("lr",))
        session.run("expect $mine == 1\nexpect $lr == 2e-5")
        session.run("undo")
        session.run("expect $lr == 3")
        assert [info.name for info in session.known_names()] == ["mine", "lr"]


def test_sessions_are_listed_and_removed() -> None:
    """Newest first, with what is in them."""
    with Session(config=False) as session:
        session.run("let x = 1\nsession save other")
        table = session.run("session list")
        assert isinstance(table, SessionTable)
        rows = {row.name: row for row in table.sessions}
        assert (rows["work"].models, rows["work"].data, len(rows["work"].names)) == (2, 1, 5)
        assert table.sessions[0].name == "other"
        session.run("session remove other")
        left = session.run("session")
        assert isinstance(left, SessionTable)
        assert "other" not in {row.name for row in left.sessions}


def test_saving_again_is_no_accident() -> None:
    """The session that was saved may be saved again; another one of that name is asked for."""
    with Session(config=False) as session:
        session.run("let x = 1\nsession save mine\nlet y = 2\nsession save mine")
    with Session(config=False) as session:
        with pytest.raises(UsageError, match="already"):
            session.run("session save mine")
        session.run("session save mine --replace")
        session.run("session remove mine")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("session save", "wants a name"),
        ("session load wrok", "no session wrok"),
        ("session list x", "takes no name"),
        ("session sav x", "sav"),
        ("session save a/b", "cannot be the name"),
        ("session restore", "nothing to restore"),
        ("x = session save y", "gives nothing to name"),
    ],
)
def test_mistake_is_answered(line: str, message: str) -> None:
    """Each is a usage error that says what is wrong."""
    with Session(config=False) as session, pytest.raises(UsageError, match=message):
        session.run(line)


def test_crashed_session_is_restored_once(there: Path) -> None:
    """The journal of a prompt that is gone brings its names back, and can be undone."""
    state = there / "state" / "kernels" / "1-crashed"
    own(state).close()
    with Session(state=state) as session:
        session.run("let lost = 7")
    with Session(config=False) as session:
        table = session.run("session list")
        assert isinstance(table, SessionTable)
        assert "" in {row.name for row in table.sessions}
        changed = session.run("session restore")
        assert isinstance(changed, SessionChanged)
        assert (changed.what, changed.names) == ("restored", ("lost",))
        session.run("expect $lost == 7")
        with pytest.raises(UsageError, match="nothing to restore"):
            session.run("session restore")


def test_result_of_an_unknown_type_costs_no_name(tmp_path: Path) -> None:
    """A plugin that is gone takes its renderer with it, and not the session's names."""
    state = tmp_path
    with Session(state=state) as session:
        session.run("let a = 1")
    journal = state / "names.json"
    entry = '{"name": "r", "kind": "result", "recipe": {"schema": 1, "kind": "of-a-plugin", "score": 3}}, '
    journal.write_text(journal.read_text().replace('"names": [', f'"names": [{entry}', 1))
    with Session(state=state) as session:
        session.run("expect $a == 1\nexpect r.score == 3\nshow r")


def test_what_a_session_says_of_itself_is_no_result() -> None:
    """`_` is still the last result that somebody asked for."""
    with Session(config=False) as session:
        session.run("echo kept")
        before = session.names.current_result
        session.run("let a = 1")
        session.run("session list")
        session.run("undo")
        kept = session.names.current_result
        assert before is not None
        assert kept is not None
        assert kept.kind == "value"


def test_python_begins_with_the_file_and_is_warned(there: Path) -> None:
    """The settings of a session in Python are those of the prompt; a mistake in the file is a warning."""
    file = there / "config" / "config.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("[settings]\nseed = 5\ntheme = 'pink'\n")
    try:
        with pytest.warns(UserWarning, match=r"config\.toml:3"):
            session = Session()
        with session:
            assert session.settings.seed == 5
            session.run("set seed 6\nset theme dark")
            assert (session.settings.seed, session.settings.theme) == (6, "dark")
            session.run("set seed default")
            assert session.settings.seed == 5
        with Session(config=False) as session:
            assert session.settings.seed == 42
    finally:
        file.unlink()


def test_device_of_the_file_that_is_not_here_stops_nothing(there: Path) -> None:
    """Who asks how things are is answered; what wants the device says that there is none."""
    with Session(config=False) as session:
        session.preferences.use(type(session.preferences.configuration)(file={"device": "xpu"}))
        session.run("models")
        session.preferences.use(type(session.preferences.configuration)(file={"device": "cpu"}))
        session.preferences.use(type(session.preferences.configuration)(file={"device": "xpu"}))
        with pytest.raises(HfshellError, match="xpu"):
            session.run("set device xpu")
        assert session.kernel_status().device == "xpu"
