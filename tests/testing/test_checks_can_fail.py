"""Each check can fail: for each there is a way to break a sound task that it notices, and no other does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from hfshell.api import MetricSpec, RendererSpec, Role, TaskSpec, hookimpl, option
from hfshell.testing import CHECKS, Checkup, Verdict
from hfshell.testing.bench import Bench
from hfshell.testing.subjects import subject_of_task
from tests.testing.mood import heavy_plugin
from tests.testing.mood.plugin import SPEC

pytestmark = (
    pytest.mark.slow
)  # daily: a task passes them, in tests/tasks; one of two texts fails, in test_pairs


class Declaring:
    """A plugin that declares the small task, changed."""

    def __init__(self, **changes: Any) -> None:
        self.changes = changes

    @hookimpl
    def hfshell_tasks(self) -> list[TaskSpec]:
        return [replace(SPEC, **self.changes)]


class Wavering(Declaring):
    """A plugin that says something else each time."""

    @hookimpl
    def hfshell_tasks(self) -> list[TaskSpec]:
        self.changes["summary"] = self.changes.get("summary", "Mood") + "!"
        return super().hfshell_tasks()


class Borrowing(Declaring):
    """A plugin whose metric is a library's."""

    @hookimpl
    def hfshell_metrics(self) -> list[MetricSpec]:
        return [MetricSpec(name="hits", summary="Hits", target="sklearn.metrics:accuracy_score")]


class Showing(Declaring):
    """A plugin with a renderer that fails."""

    @hookimpl
    def hfshell_renderers(self) -> list[RendererSpec]:
        return [RendererSpec(kind="predictions", task="mood", target="tests.testing.mood.broken:show")]


@dataclass(frozen=True)
class Unexplained:
    """Options that nobody can understand."""

    top: int = option(3, "", minimum=1)


def broken(name: str) -> Declaring:
    return Declaring(target=f"tests.testing.mood.broken:{name}")


MUTANTS: dict[str, Callable[[], object]] = {
    "light": lambda: heavy_plugin,
    "declaration": Wavering,
    "targets": lambda: broken("NotThere"),
    "options": lambda: Declaring(options=MappingProxyType({"predict": Unexplained})),
    "examples": lambda: Declaring(examples=("m = load mood:words", "predikt m hello")),
    "device": lambda: Declaring(target="tests.testing.mood_on_cuda.task:MoodOnCuda"),
    "load": lambda: broken("LoadFails"),
    "finetune": lambda: broken("TrainsInSilence"),
    "predict": lambda: broken("PredictsNoJson"),
    "seed": lambda: broken("Dice"),
    "order": lambda: broken("Sorted"),
    "empty": lambda: broken("WantsRows"),
    "alone": lambda: broken("LooksAround"),
    "eval": lambda: broken("Boasts"),
    "reload": lambda: broken("Forgets"),
    "base": lambda: broken("TrainsInPlace"),
    "cancel": lambda: broken("NeverStops"),
    "save": lambda: broken("SavesOnce"),
    "unload": lambda: broken("Hoards"),
    "errors": lambda: broken("Throws"),
    "screens": Showing,
    "quiet": lambda: broken("Talks"),
}


def checked(folder: Path, given: object | None) -> dict[str, Verdict]:
    """Run all checks on a plugin; on the one that is installed without one."""
    with Bench(folder / "bench", third_party=given is None) as bench:
        subject = subject_of_task(bench, "mood", given=given, options={})
        try:
            return {verdict.check: verdict for verdict in Checkup(subject).run()}
        finally:
            subject.close()


def failed(verdicts: dict[str, Verdict]) -> dict[str, str]:
    return {name: verdict.message for name, verdict in verdicts.items() if verdict.state == "failed"}


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put a distribution on the path that lists the small task under a name."""

    def put(name: str, module: str = "plugin") -> None:
        site = tmp_path / "site"
        info = site / "hfshell_mood-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hfshell-mood\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[hfshell.tasks]\n{name} = tests.testing.mood.{module}\n")
        monkeypatch.syspath_prepend(str(site))
        metadata.MetadataPathFinder().invalidate_caches()

    return put


def test_a_sound_task_passes_every_check(tmp_path: Path, install: Callable[..., None]) -> None:
    """Nothing is found where nothing is wrong, and nothing is left out."""
    install("mood")
    verdicts = checked(tmp_path, None)
    assert {name: verdict for name, verdict in verdicts.items() if verdict.state != "passed"} == {}
    assert list(verdicts) == [check.name for check in CHECKS]


@pytest.mark.parametrize(
    ("example", "words"),
    [
        ('predict m "hello', "quote"),
        ('predict m "hello" --top-k 1', "--top-k"),
        ('predict m "hello" --tops 1', "--tops"),
        ("d = data tickets.csv --map queue=team", "no role queue"),
        ("eval m tickets", "does not offer eval"),
    ],
)
def test_example_is_held_against_its_task(tmp_path: Path, example: str, words: str) -> None:
    """Options of other tasks, roles and verbs that it has not, and what is no line, are all found."""
    given = Declaring(examples=(example,), capabilities=frozenset({"load", "finetune", "predict"}))
    with Bench(tmp_path / "bench", third_party=False) as bench:
        verdict = Checkup(subject_of_task(bench, "mood", given=given, options={})).verdict("examples")
    assert verdict.state == "failed"
    assert words in verdict.message


@pytest.mark.parametrize("example", ['predict m "hello"', "predict m <<END\nhello\nEND"])
def test_example_that_predicts_half_a_row_is_noticed(tmp_path: Path, example: str) -> None:
    """A task of two texts cannot use one; it can use data."""
    roles = (Role.text(name="question"), Role.text(name="reply"), Role.label())
    for line, state in ((example, "failed"), ("predict m pairs.csv", "passed")):
        given = Declaring(roles=roles, examples=(line,))
        with Bench(tmp_path / state, third_party=False) as bench:
            verdict = Checkup(subject_of_task(bench, "mood", given=given, options={})).verdict("examples")
        assert verdict.state == state, verdict.message


@pytest.mark.parametrize(
    "mutant",
    ["Flipped", "LikelySorted", "FirstForAll"],
)
def test_predictions_of_wrong_rows_are_noticed(tmp_path: Path, mutant: str) -> None:
    """However the rows are mixed up, and also where all get the answer of one."""
    assert list(failed(checked(tmp_path, broken(mutant)))) == ["order"]


def test_rows_that_are_all_predicted_alike_prove_nothing(tmp_path: Path) -> None:
    """What compares predictions is skipped then, and says why; it does not pass."""
    verdicts = checked(tmp_path, broken("Constant"))
    assert failed(verdicts) == {}
    alike = {name for name, verdict in verdicts.items() if "predicted alike" in verdict.message}
    assert alike == {"seed", "order", "alone", "reload", "save", "base"}
    assert {verdicts[name].state for name in alike} == {"skipped"}


@pytest.mark.parametrize(
    "check",
    MUTANTS,
)
def test_check_notices_what_it_is_for(tmp_path: Path, check: str) -> None:
    """A task that is broken in one way fails the one check that is for it."""
    verdicts = checked(tmp_path, MUTANTS[check]())
    assert list(failed(verdicts)) == [check], failed(verdicts)


def test_plugin_that_cannot_be_imported_is_noticed(tmp_path: Path, install: Callable[..., None]) -> None:
    """What is missing is named, and nothing else is blamed for it."""
    install("mood", "broken_plugin")
    found = failed(checked(tmp_path, None))
    assert list(found) == ["import"]
    assert "nothing_of_that_name" in found["import"]


def test_entry_point_of_another_name_is_noticed(tmp_path: Path, install: Callable[..., None]) -> None:
    """A task that is not listed under its own name cannot be found without asking everybody."""
    install("moods")
    assert list(failed(checked(tmp_path, None))) == ["entry-point"]


def test_code_of_others_is_not_blamed_on_the_plugin(tmp_path: Path) -> None:
    """A library that a declaration names may know devices: it is not the author's to mend."""
    with Bench(tmp_path / "bench", third_party=False) as bench:
        subject = subject_of_task(bench, "mood", given=Borrowing(), options={})
        assert Checkup(subject).verdict("device").state == "passed"


def test_every_check_has_a_mutant() -> None:
    """A check that nothing can break would be no check."""
    assert {check.name for check in CHECKS} == {*MUTANTS, "import", "entry-point"}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_what_a_check_needs_stands_before_it(check: Any) -> None:
    """The table is in the order in which checks can run, and each says what it is for."""
    before = [other.name for other in CHECKS[: CHECKS.index(check)]]
    assert set(check.needs) <= set(before)
    assert check.summary
