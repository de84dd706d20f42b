"""How soon a prompt stands, and how soon a key is seen, beside what people use today. Prints ratios.

IPython and llm are looked for in `--tools FOLDER`, the folder of programs of an environment of theirs::

    python -m venv tools && tools/bin/pip install ipython llm
    python benchmarks/prompt.py --tools tools/bin

`transformers chat` and `llm chat` talk to a server; one that only says that its model is there stands in, so
that no model's loading is in their figures. Each round starts every program once, in a shuffled order, so
that a busy machine slows all of them alike; the figures are medians over the rounds and over the keys of a
line.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pexpect
import psutil
import pyte

BIN = Path(sys.executable).parent
COLUMNS, ROWS = 100, 30
PATIENCE_SECONDS = 60.0
TYPED = "finetune base tickets --epochs 3 --learning-rate 2e-4"
PAUSE_SECONDS = 0.03
"""Between two keys: somebody who types fast."""


@dataclass(frozen=True)
class Program:
    """A program with a prompt.

    Attributes:
        name: for the table.
        command: what starts it.
        prompt: what its last line begins with once it waits for a key.
        line: what is typed.
    """

    name: str
    command: Sequence[str]
    prompt: str
    line: str = TYPED


class Screen:
    """A program on a terminal of its own."""

    def __init__(self, program: Program) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self.began = time.perf_counter()
        self._child = pexpect.spawn(program.command[0], [*program.command[1:]], dimensions=(ROWS, COLUMNS))
        self._child.delaybeforesend = None

    @property
    def last_line(self) -> str:
        """The line that the cursor stands in, or the last one with text above it."""
        written = [line.rstrip() for line in self._screen.display[: self._screen.cursor.y + 1]]
        return next((line for line in reversed(written) if line), "")

    @property
    def line(self) -> str:
        """The line that the cursor stands in."""
        return str(self._screen.display[self._screen.cursor.y]).rstrip()

    def wait(self, shown: str, *, whole: bool) -> float:
        """Wait until a line begins with a text, or holds it; return `time.perf_counter()` of then.

        Raises:
            TimeoutError: it never does.
        """
        deadline = time.perf_counter() + PATIENCE_SECONDS
        while time.perf_counter() < deadline:
            if self.last_line.startswith(shown) if whole else shown in self.line:
                return time.perf_counter()
            try:
                self._stream.feed(self._child.read_nonblocking(65536, timeout=0.5))
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                break
        raise TimeoutError(f"{shown!r} never appeared; the screen:\n" + "\n".join(self._screen.display))

    def press(self, key: str) -> None:
        """Press a key."""
        self._child.send(key)

    def leave(self) -> None:
        """End the program, and what it started: nothing of it runs beside the next one."""
        started = psutil.Process(self._child.pid).children(recursive=True)
        self._child.close(force=True)
        psutil.wait_procs(started, timeout=PATIENCE_SECONDS)


def first_prompt_and_keys(program: Program) -> tuple[float, list[float]]:
    """Return the seconds to the first prompt, and those from each key to its sight on the screen."""
    screen = Screen(program)
    try:
        first = screen.wait(program.prompt, whole=True) - screen.began
        time.sleep(1.0)  # whatever a program does behind its prompt has begun
        seconds = []
        for end in range(1, len(program.line) + 1):
            key = program.line[end - 1]
            pressed = time.perf_counter()
            screen.press(key)
            if key != " ":
                seconds.append(screen.wait(program.line[:end], whole=False) - pressed)
            time.sleep(PAUSE_SECONDS)
        return first, seconds
    finally:
        screen.leave()


class _Ready(BaseHTTPRequestHandler):
    """A server that has its model ready, and nothing else."""

    def do_GET(self) -> None:
        """Say that all is well."""
        self._answer({"status": "ok", "data": []}, "application/json")

    def do_POST(self) -> None:
        """Say that the model is loaded."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer({"status": "ready", "cached": True}, "text/event-stream")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server has it
        """Write no log."""

    def _answer(self, said: dict[str, object], kind: str) -> None:
        text = json.dumps(said)
        body = (f"data: {text}\n\n" if kind == "text/event-stream" else text).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def ready_server() -> Iterator[str]:
    """Run the server while the measurement lasts; yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Ready)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def programs(tools: Path, address: str, home: Path) -> list[Program]:
    """Return the programs that are installed, hfshell first; say which are not."""
    (home / "llm").mkdir()
    (home / "llm/extra-openai-models.yaml").write_text(
        f"- model_id: ready\n  model_name: ready\n  api_base: {address}/v1\n  api_key_name: none\n",
        encoding="utf-8",
    )
    known = [
        Program("hfshell", [str(BIN / "hfshell")], "›"),
        Program("IPython", [str(tools / "ipython"), "--no-banner"], "In [1]:", "finetune(base, tickets)"),
        Program("llm chat", [str(tools / "llm"), "chat", "-m", "ready"], ">"),
        Program("transformers chat", [str(BIN / "transformers"), "chat", "ready", address], "<"),
    ]
    for program in known:
        if not Path(program.command[0]).exists():
            print(f"{program.name} is not installed, and left out: {program.command[0]}", file=sys.stderr)
    return [program for program in known if Path(program.command[0]).exists()]


def measure(wanted: Sequence[Program], rounds: int) -> dict[str, tuple[float, float, float]]:
    """Return by program: seconds to the first prompt, of a key, of the slowest key in twenty.

    The first round only warms the disk cache.
    """
    first: dict[str, list[float]] = {program.name: [] for program in wanted}
    keys: dict[str, list[float]] = {program.name: [] for program in wanted}
    for number in range(rounds + 1):
        for program in random.sample(list(wanted), len(wanted)):
            seconds, key = first_prompt_and_keys(program)
            if number:
                first[program.name].append(seconds)
                keys[program.name].extend(key)
    return {
        name: (
            statistics.median(first[name]),
            statistics.median(keys[name]),
            statistics.quantiles(keys[name], n=20)[-1],
        )
        for name in first
    }


def report(figures: dict[str, tuple[float, float, float]]) -> None:
    """Print the figures, and what hfshell's are beside the others'."""
    print(f"{'':20}{'first prompt':>14}{'a key':>10}{'one in 20 over':>16}")
    for name, (first, key, slow) in figures.items():
        print(f"{name:20}{first * 1000:11.0f} ms{key * 1000:7.1f} ms{slow * 1000:13.1f} ms")
    ours = figures["hfshell"]
    for name, theirs in figures.items():
        if name != "hfshell":
            print(
                f"beside {name}: first prompt in {ours[0] / theirs[0]:.2f}x its time"
                f" ({theirs[0] / ours[0]:.1f}x as fast), a key in {ours[1] / theirs[1]:.2f}x"
            )
    print("goals: no slower to the first prompt than IPython, 10x as fast as transformers chat")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tools", type=Path, default=BIN, help="folder of the programs ipython and llm")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, ready_server() as address:
        os.environ |= {
            "HFSHELL_HOME": home,
            "HF_HOME": home,
            "IPYTHONDIR": home,
            "LLM_USER_PATH": str(Path(home, "llm")),
            "OPENAI_API_KEY": "none",
            "TERM": "xterm-256color",
            "PROMPT_TOOLKIT_NO_CPR": "1",
        }
        # Programs that were installed are compiled; one that is developed is so after its first start.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        report(measure(programs(given.tools, address, Path(home)), given.rounds))


if __name__ == "__main__":
    main()
