"""What tasks add to a command: whose option is meant, and what is left out while nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hfshell.api import ModelSourceSpec, TaskSpec, hookimpl, option
from hfshell.api.options import option_fields
from hfshell.checking import check_file
from hfshell.commands.parsing import Argument
from hfshell.commands.table import CommandTable
from hfshell.commands.task_options import added_options, named_task
from hfshell.errors import Place, UsageError
from hfshell.plugin_host import PluginHost


@dataclass(frozen=True)
class AlphaOptions:
    """`--deep` is a flag, `--rank` a number."""

    deep: bool = option(False, "Dig")
    rank: int = option(3, "How far", minimum=1)
    alike: int = option(1, "The same for both")


@dataclass(frozen=True)
class BetaOptions:
    """`--deep` takes a word, `--rank` another range; `--alike` has another default; `--limit` is taken."""

    deep: str = option("no", "How")
    rank: int = option(5, "How far", minimum=5)
    alike: int = option(2, "The same for both")
    limit: int = option(7, "The command's own")


def task(name: str, options: type) -> Any:
    """A plugin with one task."""
    spec = TaskSpec(name=name, summary="A", target="a:B", options={"predict": options}, schemes=(name,))
    return SimpleNamespace(hfshell_tasks=hookimpl(lambda: [spec], specname="hfshell_tasks"))


@pytest.fixture
def host() -> PluginHost:
    """Two tasks that do not agree."""
    host = PluginHost(third_party=False)
    host.use(task("alpha", AlphaOptions), "alpha")
    host.use(task("beta", BetaOptions), "beta")
    return host


def words(*texts: str) -> list[Argument]:
    """A line's words."""
    return [
        Argument(text, text.startswith("-"), Place("x", 1, column)) for column, text in enumerate(texts, 1)
    ]


def names(declared: type | None) -> set[str]:
    """Names of the options."""
    return {field.name for field in option_fields(declared)} if declared else set()


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        (("alpha:x", "--deep"), "alpha"),
        (("beta:x",), "beta"),
        (("alpha:x", "--task", "beta"), "beta"),
        (("m", "--task=beta"), "beta"),
        (("m", "alpha:x"), None),
        (("--deep", "alpha:x"), None),
        (("run:alpha",), None),
        ((), None),
    ],
)
def test_a_line_names_its_task(host: PluginHost, line: tuple[str, ...], meant: str | None) -> None:
    """`--task` says it, or the scheme of the model in front."""
    assert named_task(words(*line), host) == meant


def test_a_model_source_goes_before_a_task(host: PluginHost) -> None:
    """What `load` finds through a model source is not a task's own model."""
    spec = ModelSourceSpec("alpha", "A", "a:b")
    host.use(
        SimpleNamespace(hfshell_model_sources=hookimpl(lambda: [spec], specname="hfshell_model_sources")), "s"
    )
    assert named_task(words("alpha:x"), host) is None


def test_what_tasks_read_differently_is_left_out(host: PluginHost) -> None:
    """While the task is not known, no option means what the first plugin says; what agrees stays."""
    predict = CommandTable(host).get("predict")
    assert names(added_options(predict, None, host)) & {"deep", "rank", "alike"} == {"alike"}
    assert names(added_options(predict, "alpha", host)) == {"deep", "rank", "alike"}


@pytest.mark.parametrize("flag", ["--deep", "--rank", "--rank=6"])
def test_whose_option_it_is_must_be_said(host: PluginHost, flag: str) -> None:
    """A line that uses such an option is refused, and told how to say what it means."""
    predict = CommandTable(host).get("predict")
    with pytest.raises(UsageError, match="alpha and beta") as caught:
        added_options(predict, None, host, words("./folder", flag))
    assert caught.value.hint == "say which with --task"
    assert caught.value.place == Place("x", 1, 2)
    assert "rank" in names(added_options(predict, "beta", host, words("./folder", flag)))


def test_the_commands_own_option_stays(host: PluginHost) -> None:
    """A task's option that is called like one of the command's is left out, and that is said."""
    predict = CommandTable(host).get("predict")
    assert names(added_options(predict, "beta", host)) == {"deep", "rank", "alike"}
    assert [notice for notice in host.notices() if "--limit of task beta" in notice]


@pytest.mark.parametrize(
    ("line", "problems"),
    [
        ("predict alpha:x --deep word", 0),
        ("predict m --deep", 0),
        ("predict m --deep word", 0),
        ("predict m --rank 2", 0),
        ("predict m --rank 0", 1),
        ("predict m --task beta --rank 2", 1),
        ("predict beta:x --rank 2", 1),
        ("predict m --no-such", 1),
    ],
)
def test_check_lets_pass_what_may_run(host: PluginHost, tmp_path: Path, line: str, problems: int) -> None:
    """A line whose task only the run will know is wrong only if it is wrong for each task."""
    script = tmp_path / "a.hfsh"
    script.write_text(f"m = load alpha:x\n{line}\n")
    assert len(check_file(str(script), CommandTable(host), host)) == problems
