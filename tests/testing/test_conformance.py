"""`TaskConformance`: failures that are expected, and those that are not; data and models of one's own."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from hfshell.api import LabelScore
from hfshell.errors import UsageError
from hfshell.testing import TaskConformance, Verdict
from hfshell.testing.conformance import checkup_of
from hfshell.testing.tiny_models import Shelf
from tests.testing.mood import plugin


class Excused(TaskConformance):
    """A task of which one check is known to fail."""

    task = "mood"
    expected_failures: ClassVar[dict[str, str]] = {"seed": "it plays dice"}


def outcome_of(check: str, state: Any) -> BaseException | None:
    """What the test of a check raises when the check comes to a state."""
    checkup: Any = SimpleNamespace(verdict=lambda name: Verdict(name, state, "said", "do this"))
    try:
        Excused().test_contract(checkup, check)
    except BaseException as raised:  # noqa: BLE001 - pytest's outcomes are no Exceptions
        return raised
    return None


def test_failure_fails_with_what_to_do() -> None:
    """The message and the hint are the whole report: no traceback through the kit."""
    raised = outcome_of("order", "failed")
    assert isinstance(raised, pytest.fail.Exception)
    assert str(raised) == "said\ndo this"
    assert not raised.pytrace


def test_failure_that_is_expected_is_excused() -> None:
    """Its reason stands in the report."""
    raised = outcome_of("seed", "failed")
    assert isinstance(raised, pytest.xfail.Exception)
    assert "it plays dice" in str(raised)


def test_expected_failure_that_passes_is_an_error() -> None:
    """An excuse that nothing needs any more is taken out."""
    raised = outcome_of("seed", "passed")
    assert isinstance(raised, pytest.fail.Exception)
    assert "take it out" in str(raised)


def test_what_does_not_apply_is_skipped() -> None:
    """With the reason, also where a failure was expected."""
    for check in ("seed", "order"):
        raised = outcome_of(check, "skipped")
        assert isinstance(raised, pytest.skip.Exception)
        assert "said" in str(raised)


def test_success_is_success() -> None:
    """Nothing is raised."""
    assert outcome_of("order", "passed") is None


def test_misspelt_excuse_is_an_error(tmp_path: Path) -> None:
    """It would excuse nothing."""

    class Misspelt(TaskConformance):
        task = "mood"
        plugin = plugin
        expected_failures: ClassVar[dict[str, str]] = {"sead": "it plays dice"}

    with pytest.raises(UsageError) as caught, checkup_of(Misspelt, tmp_path / "a", Shelf(tmp_path / "b")):
        pass
    assert "seed" in str(caught.value.hint)


def test_task_that_is_not_installed_is_an_error(tmp_path: Path) -> None:
    """The author is told to install it, or which name was meant."""

    class Missing(TaskConformance):
        task = "text-clasification"

    with pytest.raises(UsageError) as caught, checkup_of(Missing, tmp_path / "a", Shelf(tmp_path / "b")):
        pass
    assert "text-classification" in str(caught.value.hint)


def test_data_and_model_of_ones_own(tmp_path: Path) -> None:
    """They take the place of the kit's, and what a verb is given is added to its lines."""

    class Own(TaskConformance):
        task = "mood"
        plugin = plugin
        options: ClassVar[dict[str, str]] = {"predict": "--top 1", "finetune": "--epochs 1"}

        def dataset(self, folder: Path) -> Path:
            lines = [f"the {word} number {number},{word}" for number in range(20) for word in ("sun", "rain")]
            (folder / "sky.csv").write_text("\n".join(["text,mood", *lines]))
            return folder / "sky.csv"

        def model(self, folder: Path) -> str:
            return "mood:words"

    with checkup_of(Own, tmp_path / "a", Shelf(tmp_path / "b")) as checkup:
        assert checkup.verdict("predict").state == "passed"
        subject = checkup.subject
        assert subject.trained["t"].labels == ("rain", "sun")
        assert subject.trained["t"].epochs == 1
        shown = subject.run(subject.line("p = predict", "m d", "predict"))["p"]
        assert all(len(row) == 1 and isinstance(row[0], LabelScore) for row in shown.rows)


def test_checks_run_once_and_only_those_that_are_needed(tmp_path: Path) -> None:
    """`pytest -k order` costs what `order` needs, and each check runs once."""

    class Mood(TaskConformance):
        task = "mood"
        plugin = plugin

    with checkup_of(Mood, tmp_path / "a", Shelf(tmp_path / "b")) as checkup:
        assert checkup.verdict("examples") is checkup.verdict("examples")
        assert checkup.verdict("examples").state == "passed"
        assert "model" not in vars(checkup.subject)
