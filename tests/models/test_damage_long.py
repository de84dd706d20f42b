"""Whatever happens to a model's files, there is a model or one clear error; never anything else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hfshell.errors import HfshellError, ModelError, Refused
from hfshell.models.loading import load_model
from tests.models import tiny

FILES = ("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors")
HEADER_BYTES = 3_500


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An undamaged model."""
    return tiny.bert(tmp_path_factory.mktemp("whole") / "m")


@pytest.fixture(scope="module")
def copy(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it, to be damaged and mended over and over."""
    return Path(shutil.copytree(whole, tmp_path_factory.mktemp("copy") / "m"))


def use(whole: Path, copy: Path, name: str, content: bytes) -> bool:
    """Put `content` in the place of a file, and load; whether that gave a model."""
    (copy / name).write_bytes(content)
    try:
        return _error(copy) is None
    finally:
        shutil.copy(whole / name, copy / name)


def _error(folder: Path) -> HfshellError | None:
    try:
        load_model(tiny.files(folder))
    except (ModelError, Refused) as error:
        if "\n" in error.message or error.place is None:
            pytest.fail(f"not one clear error: {error.message!r} at {error.place}")
        return error
    return None


@settings(max_examples=4000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(FILES),
    st.lists(st.tuples(st.integers(0, HEADER_BYTES), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_changed_bytes(whole: Path, copy: Path, name: str, changes: list[tuple[int, int]]) -> None:
    """Bytes changed where files say what they are."""
    content = bytearray((whole / name).read_bytes())
    for offset, value in changes:
        content[offset % min(len(content), HEADER_BYTES)] = value
    use(whole, copy, name, bytes(content))


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FILES), st.floats(0, 0.999))
def test_cut_files(whole: Path, copy: Path, name: str, share: float) -> None:
    """A file cut anywhere is never a model: JSON and weights alike end where they must."""
    content = (whole / name).read_bytes().rstrip()
    assert not use(whole, copy, name, content[: int(share * len(content))])


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize("other", FILES)
def test_files_under_wrong_names(whole: Path, copy: Path, name: str, other: str) -> None:
    """One file's content under another's name."""
    assert use(whole, copy, name, (whole / other).read_bytes()) is (name == other)


def test_undamaged(whole: Path, copy: Path) -> None:
    """The tests above can tell a whole model: it loads."""
    assert use(whole, copy, "config.json", (whole / "config.json").read_bytes())
