"""A model's name becomes a folder: tried in a fixed order, with a useful word when nothing is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hfshell.api.cancel import CancelToken
from hfshell.api.models import ModelFolder
from hfshell.api.specs import ModelSourceSpec
from hfshell.errors import ModelError, PluginError
from hfshell.models.sources import PluginSource, Sources
from hfshell.models.task_model import TaskSource
from tests.models import tiny


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """The folder that the plugin source `starter:` gives."""
    return tiny.bert(tmp_path / "starter")


@pytest.fixture
def sources(starter: Path, tmp_path: Path) -> Sources:
    """A plugin source with one name, and one run."""
    run = tiny.bert(tmp_path / "runs" / "7f3a91", labels=("a", "b"))

    def find(name: str) -> Path:
        if name == "minilm":
            return starter
        raise ModelError(f"there is no starter model {name}", hint="minilm")

    plugin = PluginSource(ModelSourceSpec("starter", "Starter models", "x:y", ("minilm",)), find)
    return Sources(
        {"starter": plugin},
        runs=lambda run_id: run if run_id == "7f3a91" else None,
        offline=True,
        tasks={"bayes": "naive-bayes", "starter": "naive-bayes", "run": "naive-bayes"},
    )


def resolve(sources: Sources, source: str) -> ModelFolder:
    found = sources.resolve(source, cancelled=CancelToken())
    assert isinstance(found, ModelFolder)
    return found


def test_bare_name_of_a_plugin(sources: Sources, starter: Path) -> None:
    """`minilm` is short for `starter:minilm`."""
    found = resolve(sources, "minilm")
    assert (found.source, found.folder) == ("starter:minilm", starter)


def test_scheme_of_a_plugin(sources: Sources, starter: Path) -> None:
    """The long name always means the plugin."""
    assert resolve(sources, "starter:minilm").folder == starter


def test_local_folder_wins_over_a_bare_name(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies in the current folder is what the user sees."""
    local = tiny.bert(tmp_path / "here" / "minilm")
    monkeypatch.chdir(tmp_path / "here")
    found = resolve(sources, "minilm")
    assert (found.folder, found.source) == (local, str(local))


def test_run(sources: Sources) -> None:
    """`run:ID` gives the run's best model."""
    found = resolve(sources, "run:7f3a91")
    assert (found.source, found.labels) == ("run:7f3a91", ("a", "b"))


def test_run_unknown(sources: Sources) -> None:
    """A run that is gone is named."""
    with pytest.raises(ModelError, match="there is no run 000000"):
        resolve(sources, "run:000000")


def test_home_and_relative_paths(sources: Sources, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~/m`, `./m` and `m` are one folder."""
    folder = tiny.bert(home / "m")
    monkeypatch.chdir(home)
    assert {resolve(sources, name).folder for name in ("~/m", "./m", "m")} == {folder}


def test_folder_with_odd_name(sources: Sources, tmp_path: Path) -> None:
    """A colon, a space or an emoji in a path does not make it a scheme."""
    folder = tiny.bert(tmp_path / "starter:my model 🙂")
    assert resolve(sources, str(folder)).folder == folder


def test_path_mistyped_names_its_sibling(sources: Sources, tmp_path: Path) -> None:
    """A path is never looked for on the Hub; the nearest folder is offered."""
    tiny.bert(tmp_path / "router")
    with pytest.raises(ModelError, match="there is no folder") as caught:
        resolve(sources, f"{tmp_path}/ruoter")
    assert caught.value.hint == f"did you mean {tmp_path}/router?"


def test_name_mistyped_names_the_nearest(sources: Sources) -> None:
    """A slip in a starter's name."""
    with pytest.raises(ModelError) as caught:
        resolve(sources, "minlim")
    assert caught.value.hint is not None
    assert "did you mean minilm?" in caught.value.hint


def test_unknown_scheme_lists_the_known(sources: Sources) -> None:
    """A source that no plugin offers; those of hfshell, of plugins and of tasks are named, each once."""
    with pytest.raises(ModelError, match="there is no model source ollama:") as caught:
        resolve(sources, "ollama:llama3")
    assert caught.value.hint == "known sources: run:, hub:, new:, starter:, bayes:"


def test_unknown_scheme_names_who_gives_it(sources: Sources) -> None:
    """A source of a plugin that is off, or gone, is what is missing."""
    known = replace(sources, giver_hint={"shelf": "plugin shelf gives it"}.get)
    with pytest.raises(ModelError, match="there is no model source shelf:") as caught:
        resolve(known, "shelf:x")
    assert caught.value.hint == "plugin shelf gives it"


def test_new_models_are_made_on_demand(sources: Sources, tmp_path: Path) -> None:
    """A model with random weights, under the name that finds it again."""
    found = resolve(replace(sources, new=tmp_path / "new"), "new:bert")
    assert isinstance(found, ModelFolder)
    assert (found.source, found.model_type) == ("new:bert", "bert")


@pytest.mark.parametrize("name", ["a b", "org/na me", "-", "org/name@", "..."])
def test_names_that_are_none(sources: Sources, name: str) -> None:
    """What cannot be a Hub id is never sent anywhere."""
    with pytest.raises(ModelError, match=r"there is no model|neither here"):
        resolve(sources, name)


def test_plugin_error_keeps_its_hint(sources: Sources) -> None:
    """A source that does not know a name says so itself."""
    with pytest.raises(ModelError) as caught:
        resolve(sources, "starter:other")
    assert caught.value.hint == "minilm"


def test_plugin_that_raises_is_named() -> None:
    """A stranger's exception becomes one line that names the source."""

    def find(name: str) -> Path:
        raise KeyError(name)

    plugin = PluginSource(ModelSourceSpec("odd", "Odd", "x:y", ("thing",)), find)
    with pytest.raises(PluginError, match="odd: failed to give thing: KeyError"):
        resolve(Sources({"odd": plugin}, runs=lambda _: None, offline=True), "thing")


def test_scheme_of_a_task(sources: Sources) -> None:
    """What stands behind the colon is the task's to understand; it is no folder."""
    found = sources.resolve("bayes:multi/nomial: x", cancelled=CancelToken())
    assert found == TaskSource("bayes:multi/nomial: x", "naive-bayes", "multi/nomial: x")


def test_a_task_takes_no_scheme_from_others(sources: Sources, starter: Path) -> None:
    """`run:` is hfshell's, and a model source of the same scheme was there first."""
    assert resolve(sources, "starter:minilm").folder == starter
    assert resolve(sources, "run:7f3a91").labels == ("a", "b")
