"""What came of a script is there to be looked at, and said in full when it is not what was wanted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hfshell.api import Progress
from hfshell.errors import UsageError
from hfshell.plugin_host import PluginHost
from hfshell.testing import Outcome
from tests.testing.mood import plugin

Run = Callable[..., Outcome]


def test_results_by_name_and_in_order(run_hfsh: Run) -> None:
    """A bound result is found by its name, the newest one when the name was bound twice."""
    outcome = run_hfsh("""
        a = let b = 1
    """)
    assert outcome.exit_code == UsageError.exit_code
    outcome = run_hfsh("""
        echo one
        k = kernel
        echo two
    """)
    outcome.assert_ok()
    assert outcome["k"].kind == "kernel"
    assert [result.kind for result in outcome.results] == ["message", "kernel", "message"]


def test_failing_script_raises_nothing_by_itself(run_hfsh: Run) -> None:
    """A test of an error looks at it; lines behind it do not run."""
    outcome = run_hfsh("echo one\nload ./nowhere\necho two")
    assert outcome.exit_code == 1
    (error,) = outcome.errors
    assert "nowhere" in error.message
    assert len(outcome.results) == 1


def test_assert_ok_tells_line_error_and_hint(run_hfsh: Run) -> None:
    """What an author reads in a failing test is what they need to mend it."""
    outcome = run_hfsh("echo fine\nlaod ./x")
    with pytest.raises(AssertionError) as caught:
        outcome.assert_ok()
    said = str(caught.value)
    for words in ("exited with 2", "<script>:2", "laod ./x", "did you mean load"):
        assert words in said


def test_name_that_was_not_bound_tells_what_was(run_hfsh: Run) -> None:
    """A misspelt name, or one whose line failed, explains itself."""
    outcome = run_hfsh("k = kernel\nm = load ./nowhere")
    with pytest.raises(KeyError) as caught:
        _ = outcome["m"]
    assert "bound: k" in str(caught.value)
    assert "nowhere" in str(caught.value)


def test_ignored_errors_are_kept(run_hfsh: Run) -> None:
    """A line that begins with `-` fails without failing the script."""
    outcome = run_hfsh("- load ./nowhere\necho on")
    outcome.assert_ok()
    assert len(outcome.errors) == 1


def test_parameters_may_be_of_any_type(run_hfsh: Run) -> None:
    """Numbers and paths become the words that a command line would have."""
    run_hfsh("param n\nexpect $n == 3", n=3).assert_ok()


def test_events_on_the_way_are_kept(
    plugin_host: PluginHost, run_hfsh: Run, tiny_dataset: Callable[[str], object]
) -> None:
    """Progress can be looked at."""
    plugin_host.use(plugin, "mood")
    outcome = run_hfsh(
        "param file\nfinetune mood:words $file --task mood --epochs 3", file=tiny_dataset("mood")
    )
    outcome.assert_ok()
    heard = [event.done for event in outcome.events if isinstance(event, Progress) and event.loss]
    assert heard == [1, 2, 3]
