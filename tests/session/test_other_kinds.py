"""Data that a model is not for: what is said is what does not fit, and what would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hfshell import Session
from hfshell.errors import DataError, ModelError
from hfshell.testing.tiny_files import picture


@pytest.fixture(scope="module")
def session(tiny_model: Path) -> Iterator[Session]:
    """A session with a model of texts."""
    with Session() as session:
        session.run(f"base = load {tiny_model}")
        yield session


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures in folders named like their labels."""
    folder = tmp_path_factory.mktemp("photos")
    for topic, label in enumerate(("low", "top")):
        (folder / label).mkdir()
        for number in range(12):
            (folder / label / f"{number}.png").write_bytes(picture(topic, 2 * number + topic))
    return folder


def test_a_model_that_cannot_learn_the_data_is_to_blame(session: Session, photos: Path) -> None:
    """The data has the columns of a task; a model of texts cannot have its head."""
    with pytest.raises(ModelError, match=r"is for image-classification, and .* no model for") as caught:
        session.run(f"finetune base {photos}")
    assert "`new vit`" in str(caught.value.hint)


def test_a_head_that_there_is_not_has_no_place_on_the_disk(session: Session, photos: Path) -> None:
    """No file is wrong: the line is, and another kind of model is named."""
    with pytest.raises(ModelError, match="AutoModelForImageClassification for bert") as caught:
        session.run(f"finetune base {photos} --task image-classification")
    assert "`new vit`" in str(caught.value.hint)
    assert caught.value.place is not None
    assert caught.value.place.file == "<session>"


def test_data_that_no_map_makes_fit_is_told_by_its_tasks(session: Session, table: Path) -> None:
    """No column of texts and labels has tokens; the place is the file, without what splits it."""
    with pytest.raises(DataError, match="no column is the tokens") as caught:
        session.run(f"finetune base {table} --task token-classification")
    assert "`--task text-classification`" in str(caught.value.hint)
    with pytest.raises(DataError, match="no column is the tokens") as caught:
        session.run(f"eval base {table} --task token-classification")
    assert caught.value.place is not None
    assert caught.value.place.file == str(table)
