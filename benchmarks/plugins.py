"""What installed plugins cost at the start: thirty light ones, and one that imports torch.

Each round starts hfshell with no plugin, with thirty, and with thirty and one that imports torch at module
level, in a shuffled order. The plugins were asked what they give before, as they are once after installation;
what that took is printed too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from startup import BIN, collect, seconds_of, seconds_to_prompt

LIGHT = """
from dataclasses import dataclass
from hfshell.api import MetricSpec, Role, TaskSpec, hookimpl, option
{extra}

@dataclass(frozen=True)
class PredictOptions:
    "Options of predict."
    threshold: float = option(0.5, "From where on a label counts", minimum=0, maximum=1)

@hookimpl
def hfshell_tasks():
    return [TaskSpec(name="{name}", summary="A task", target="{module}_work:Task",
                     options={{"predict": PredictOptions}},
                     roles=(Role.text(), Role.label()), metrics=("accuracy",))]

@hookimpl
def hfshell_metrics():
    return [MetricSpec(name="{name}-score", summary="A metric", target="{module}_work:score")]
"""


def install(folder: Path, number: int, extra: str = "") -> None:
    """Put a distribution with one plugin into a folder."""
    name, module = f"task{number}", f"hfshell_task{number}"
    (folder / f"{module}.py").write_text(LIGHT.format(name=name, module=module, extra=extra))
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: hfshell-task{number}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[hfshell.tasks]\n{name} = {module}\n")


def within(path: str, home: str, measure: Callable[[], float]) -> Callable[[], float]:
    """Measure with another path of packages, and another home."""

    def measured() -> float:
        os.environ |= {"PYTHONPATH": path, "HFSHELL_HOME": home}
        return measure()

    return measured


def main() -> None:
    """Measure, and print medians and differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    os.environ |= {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        script = folder / "script.hfsh"
        script.write_text("m = load minilm\npredict m text --task task3\n")
        check = seconds_of([str(BIN / "hfshell"), "check", str(script)])
        measures = {}
        for name, light, heavy in (("none", 0, 0), ("30 light", 30, 0), ("30 light, 1 with torch", 30, 1)):
            site, home = folder / f"site-{name}", str(folder / f"home-{name}")
            site.mkdir()
            for number in range(light):
                install(site, number)
            for number in range(heavy):
                install(site, 100 + number, "import torch")
            took = ask(str(site), home)
            print(f"{took * 1000:8.0f} ms  asking once: {name}")
            measures[f"first prompt, {name}"] = within(str(site), home, seconds_to_prompt)
            measures[f"hfshell check, {name}"] = within(str(site), home, check)
        report(collect(measures, rounds))


def ask(path: str, home: str) -> float:
    """Have all plugins asked, in a process of their own; return the seconds that it took."""
    code = (
        "import time; from hfshell.plugin_host import PluginHost; began = time.perf_counter(); "
        "PluginHost().records(); print(time.perf_counter() - began)"
    )
    environment = {**os.environ, "PYTHONPATH": path, "HFSHELL_HOME": home}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    return float(done.stdout)


def report(medians: dict[str, float]) -> None:
    """Print the medians, and what plugins add."""
    print()
    for name, value in medians.items():
        print(f"{value * 1000:8.0f} ms  {name}")
    print()
    for what in ("first prompt", "hfshell check"):
        none = medians[f"{what}, none"]
        for name in ("30 light", "30 light, 1 with torch"):
            added = (medians[f"{what}, {name}"] - none) * 1000
            print(f"{what}: {name} adds {added:+.0f} ms (goal: at most 60 ms)")


if __name__ == "__main__":
    began = time.perf_counter()
    main()
    print(f"\nmeasured in {time.perf_counter() - began:.0f} s")
