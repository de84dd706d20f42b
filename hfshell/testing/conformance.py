"""`TaskConformance`: the checks as tests of pytest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

import pytest

from hfshell.testing.table import CHECKS

if TYPE_CHECKING:
    from hfshell.testing.checkup import Checkup
    from hfshell.testing.tiny_models import Shelf


class TaskConformance:
    """The checks that a task should pass, each a test of its own.

    Example::

        class TestToxicity(TaskConformance):
            task = "toxicity"
            expected_failures = {"reload": "the service keeps its models to itself"}

    A task whose roles the kit has no data for gives its own, as one whose head the kit cannot make gives a
    model: `dataset` and `model` may be overridden.

    Attributes:
        task: the task's name.
        plugin: the module that declares it, when it is not installed; None for one that is.
        options: words added to a verb's lines, `{"finetune": "--epochs 3"}`: what makes it quick, say.
        expected_failures: why a check fails, by the check's name. One that passes after all is an error.
    """

    task: ClassVar[str]
    plugin: ClassVar[object | None] = None
    options: ClassVar[Mapping[str, str]] = MappingProxyType({})
    expected_failures: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def dataset(self, folder: Path) -> Path:
        """Write a small data file into an empty folder, and return its path."""
        raise NotImplementedError

    def model(self, folder: Path) -> Path | str:
        """Write a small model to a folder that is not there yet, or name one as `load` takes it."""
        raise NotImplementedError

    @pytest.mark.parametrize("check", [check.name for check in CHECKS])
    def test_contract(self, hfshell_checkup: Checkup, check: str) -> None:
        """The task keeps to the contract."""
        verdict = hfshell_checkup.verdict(check)
        expected = self.expected_failures.get(check)
        if verdict.state == "skipped":
            pytest.skip(verdict.message)
        if verdict.state == "failed":
            if expected is not None:
                pytest.xfail(expected)
            hint = f"\n{verdict.hint}" if verdict.hint else ""
            pytest.fail(f"{verdict.message}{hint}", pytrace=False)
        if expected is not None:
            pytest.fail(f"{check} passes: take it out of expected_failures ({expected})", pytrace=False)


@contextmanager
def checkup_of(author: type[TaskConformance], folder: Path, shelf: Shelf) -> Iterator[Checkup]:
    """Set up the checks of a class.

    Raises:
        UsageError: there is no such plugin; or `expected_failures` names no check.
    """
    from hfshell.errors import UsageError
    from hfshell.language.suggest import did_you_mean
    from hfshell.testing.bench import Bench
    from hfshell.testing.checkup import Checkup
    from hfshell.testing.subjects import subject_of_task

    names = [check.name for check in CHECKS]
    for name in author.expected_failures:
        if name not in names:
            raise UsageError(f"there is no check {name}", hint=did_you_mean(name, names) or ", ".join(names))
    own = author()
    with Bench(folder, third_party=author.plugin is None, shelf=shelf) as bench:
        subject = subject_of_task(
            bench,
            author.task,
            given=author.plugin,
            options=author.options,
            dataset=None if author.dataset is TaskConformance.dataset else own.dataset,
            source=None if author.model is TaskConformance.model else own.model,
        )
        try:
            yield Checkup(subject)
        finally:
            subject.close()
