"""What holds for every script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hfshell.checking import CODES, check_source
from hfshell.checking.plan import PlannedLine, plan_line
from hfshell.checking.reading import ReadLine
from hfshell.checking.scene import Scene
from hfshell.language import Source
from tests.checking.place import COMMANDS, PLUGINS
from tests.language import strategies

ROOT = Path(__file__).parents[2]
WORDS = (
    "d", "m", "r", "ev", "v", "d.test", "d.tets", "ev.acuracy", "_", "_.n", "$v", "$ev.n", "${v}", "$m",
    "'x y'", "tickets.csv", "./model", "org/name", "run:1", "foo:bar", "--map", "--map=text=$v",
    "text=message", "--epochs", "$n", "3", "many", "--task", "text-classification", ">", "out.csv",
    "out.xlsx", ">=", "==", "train=tickets.csv", "lib/common.hfsh", "lib/self.hfsh", "size=$v", "set",
    "memory", "seed",
    "80%", "--all", "--park", "~nobody/x", "<<E\na $v\nE",
)  # fmt: skip
COMMAND_WORDS = (
    "data", "load", "new", "finetune", "eval", "predict", "augment", "save", "show", "unload", "use", "set",
    "let", "expect", "echo", "source", "require", "exit", "search", "help", "plugins", "laod",
)  # fmt: skip
lines = st.builds(
    lambda sign, name, command, words: f"{sign}{name}{command} {' '.join(words)}",
    st.sampled_from(["", "", "", "- "]),
    st.sampled_from(["", "d = ", "m = ", "r = ", "ev = ", "v = "]),
    st.sampled_from(COMMAND_WORDS),
    st.lists(st.sampled_from(WORDS), max_size=5),
)
scripts = st.lists(lines, max_size=8).map(lambda found: "param n = 3\n" + "\n".join(found) + "\n")


@given(st.one_of(scripts, strategies.any_text))
@example("'\n0'")
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("place")
def test_any_text_can_be_checked_and_planned(text: str) -> None:
    """Whatever the text, nothing is raised, and each finding can be sent and has a known code and a place."""
    plan: list[PlannedLine] = []

    def watch(read: ReadLine, scene: Scene) -> None:
        plan.append(plan_line(read, scene))

    found = check_source(Source(text, "s.hfsh"), COMMANDS, PLUGINS, ["n=4"], watch=watch)
    for problem in found:
        sent = json.loads(json.dumps(problem.to_dict()))
        assert sent["code"] in CODES
        assert sent["line"] >= 1
        assert 1 <= sent["column"] < sent["end_column"]
        assert len(problem.message.splitlines()) == 1
    for line in plan:
        assert json.loads(json.dumps(line.to_dict()))["would"]


@pytest.mark.parametrize("script", sorted((ROOT / "examples").glob("*.hfsh")), ids=lambda path: path.name)
def test_examples_are_clean(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What we ship, and its tests run, has not even a remark."""
    monkeypatch.chdir(ROOT)
    text = script.read_text(encoding="utf-8")
    assert check_source(Source(text, script.name), COMMANDS, PLUGINS, ()) == []


def test_codes_are_all_in_use() -> None:
    """Each code that is documented is given somewhere, and each that is given is documented."""
    modules = [path for path in (ROOT / "hfshell" / "checking").glob("*.py") if path.stem != "diagnostics"]
    sources = "".join(path.read_text(encoding="utf-8") for path in modules)
    assert [code for code in CODES if f'"{code}"' not in sources and code not in ("syntax", "usage")] == []
