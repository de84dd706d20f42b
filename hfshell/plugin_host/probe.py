"""Imports plugins, each in a process of its own, and says what they give.

What a plugin does at import stays in its process: `os._exit`, a crash, endless waiting, floods of output, a
fork, a thread, a patched library. The light imports that all plugins need are made once, before the forks.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import selectors
import signal
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from hfshell.plugin_host.declaration_remarks import option_remarks
from hfshell.plugin_host.declarations import NewerApiError
from hfshell.plugin_host.gathering import gather
from hfshell.plugin_host.isolation import Failure, contain
from hfshell.plugin_host.manifest import Manifest, stamps_of
from hfshell.plugin_host.namespaces import Namespaces
from hfshell.plugin_host.output import closed_streams
from hfshell.plugin_host.surroundings import Surroundings

HEAVY = (
    "torch",
    "transformers",
    "tensorflow",
    "jax",
    "accelerate",
    "datasets",
    "sklearn",
    "pandas",
    "scipy",
    "numpy",
)
"""Libraries that take long to import, the slowest first."""

LARGEST_ANSWER = 1 << 20
"""Bytes of a manifest."""

MOST_SOURCES = 200
_PIECE = 1 << 16
_SHOWN = 120
_WARNINGS = 3


@dataclass(frozen=True)
class Asked:
    """A plugin to import: its name, and its light module."""

    name: str
    module: str


@dataclass
class _Child:
    """A plugin's process, and what came from it so far."""

    index: int
    pid: int
    answers: int
    output: int
    deadline: float
    answer: bytearray = field(default_factory=bytearray)
    printed: int = 0
    began_with: bytes = b""


def main() -> None:
    """Read what to import from standard input; write a JSON line for each plugin to the given descriptor."""
    request = json.loads(sys.stdin.read())
    sys.path[:] = request["path"]
    answers = os.fdopen(int(sys.argv[1]), "w", encoding="utf-8", buffering=1)
    asked = [Asked(**item) for item in request["plugins"]]
    for index, manifest in probe(asked, request["seconds"]):
        print(json.dumps({"index": index, "manifest": manifest.to_dict()}), file=answers)


def probe(asked: Sequence[Asked], seconds: float, most: int | None = None) -> Iterator[tuple[int, Manifest]]:
    """Import plugins side by side, each in a child, and yield their manifests as they come.

    Args:
        asked: the plugins.
        seconds: what each may take.
        most: how many at once; as many as there are processors without it.
    """
    waiting = list(enumerate(asked))[::-1]
    running: dict[int, _Child] = {}
    with selectors.DefaultSelector() as selector:
        while waiting or running:
            while waiting and len(running) < (most or os.cpu_count() or 1):
                index, plugin = waiting.pop()
                child = _fork(index, plugin, seconds)
                running[index] = child
                selector.register(child.answers, selectors.EVENT_READ, (child, "answer"))
                selector.register(child.output, selectors.EVENT_READ, (child, "output"))
            for key, _ in selector.select(_next_deadline(running)):
                child, what = key.data
                if not _read(child, what):
                    selector.unregister(key.fd)
                    if what == "answer":
                        child.deadline = 0  # it has ended, or closed what it should answer by
            for child in [child for child in running.values() if child.deadline <= time.monotonic()]:
                for descriptor in (child.answers, child.output):
                    with contextlib.suppress(KeyError):
                        selector.unregister(descriptor)
                del running[child.index]
                yield child.index, _end(child, asked[child.index], seconds)


def _next_deadline(running: dict[int, _Child]) -> float:
    return max(0.0, min(child.deadline for child in running.values()) - time.monotonic())


def _read(child: _Child, what: str) -> bool:
    """Take what a child wrote; return whether more may come."""
    piece = os.read(child.answers if what == "answer" else child.output, _PIECE)
    if what == "output":
        child.printed += len(piece)
        child.began_with = (child.began_with + piece)[:_SHOWN]
    else:
        child.answer += piece
        if child.answer.endswith(b"\n") or len(child.answer) > LARGEST_ANSWER:
            return False
    return bool(piece)


def _fork(index: int, plugin: Asked, seconds: float) -> _Child:
    answers, answer = os.pipe()
    output, written = os.pipe()
    pid = os.fork()
    if pid == 0:
        _be_the_child(plugin, answer, written)
    os.close(answer)
    os.close(written)
    return _Child(index, pid, answers, output, time.monotonic() + seconds)


def _be_the_child(plugin: Asked, answer: int, written: int) -> NoReturn:
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(written, 1)
        os.dup2(written, 2)
        line = json.dumps(_import(plugin).to_dict()).encode() + b"\n"
        while line:
            line = line[os.write(answer, line) :]
    finally:
        os._exit(0)


def _import(plugin: Asked) -> Manifest:
    before, surroundings = set(sys.modules), Surroundings.take(Namespaces())
    began = time.perf_counter()
    with warnings.catch_warnings(record=True) as caught:
        for category in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
            warnings.simplefilter("always", category)
        outcome = contain(lambda: gather(plugin.module, plugin.name), catch=BaseException)
    seconds = time.perf_counter() - began
    if surroundings.is_other_process():
        os._exit(0)  # the plugin forked: only the process that was asked has something to say
    changed, left = surroundings.put_back(), surroundings.left_running()
    sources = _sources(plugin.module, before)
    stamps = stamps_of(sources)
    if outcome.value is None:
        state: Any = "incompatible" if isinstance(outcome.error, NewerApiError) else "failed"
        return Manifest(state, seconds=seconds, failure=outcome.failure, stamps=stamps)
    remarks = [
        *_heavy_imports(before, seconds),
        *(f"it changes {what} when it is imported" for what in changed[:3]),
        *(f"it leaves {what} running when it is imported" for what in left),
        *(f"it closes {what} when it is imported" for what in closed_streams()),
    ]
    advice = (*option_remarks(outcome.value.specs), *_warnings(caught or (), sources))
    return Manifest("ready", outcome.value, seconds, tuple(remarks), stamps=stamps, advice=advice)


def _warnings(caught: Sequence[warnings.WarningMessage], sources: Sequence[str]) -> Iterator[str]:
    """Pass on what warns of a plugin's own lines, not of those of its libraries."""
    said = [
        f"{Path(found.filename).name}:{found.lineno}: {found.category.__name__}: {_first_line(found.message)}"
        for found in caught
        if found.filename in sources
    ]
    yield from list(dict.fromkeys(said))[:_WARNINGS]


def _first_line(message: Warning | str) -> str:
    return ascii(str(message).partition("\n")[0])[1:-1][:_SHOWN]


def _heavy_imports(before: set[str], seconds: float) -> Iterator[str]:
    heavy = [name for name in HEAVY if name in sys.modules and name not in before]
    if heavy:
        yield f"it imports {heavy[0]} at module level ({seconds:.1f} s): import it in what `target` names"


def _sources(module: str, before: set[str]) -> list[str]:
    """Files that a plugin consists of: what it imported of its own package, or all of that if it failed."""
    top = module.partition(".")[0]
    own = [name for name in sys.modules if name.partition(".")[0] == top]
    files = [getattr(sys.modules[name], "__file__", None) for name in own if name not in before]
    found = {os.fspath(file) for file in files if file}
    with contextlib.suppress(ImportError, ValueError, AttributeError):
        spec = importlib.util.find_spec(top)
        if spec and spec.origin and spec.origin not in ("built-in", "namespace"):
            found.add(spec.origin)
        for folder in (spec.submodule_search_locations or ()) if spec and module not in sys.modules else ():
            inside = [path for path in Path(folder).rglob("*") if path.suffix == ".py" or path.is_dir()]
            found |= {os.fspath(path) for path in (Path(folder), *sorted(inside)[:MOST_SOURCES])}
    return sorted(found)


def _end(child: _Child, plugin: Asked, seconds: float) -> Manifest:
    """Kill what is left of a child, and say what came of it."""
    in_time = child.deadline == 0 or bool(child.answer)
    if in_time:
        _let_end(child.pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)  # before it made its own group
    _, status = os.waitpid(child.pid, 0)
    for descriptor in (child.answers, child.output):
        os.close(descriptor)
    manifest = _answered(child)
    if manifest is None:
        stamps = stamps_of(_sources(plugin.module, set(sys.modules)))
        failure = Failure(_why(child, status, in_time=in_time, seconds=seconds), "")
        return Manifest("failed", seconds=seconds, failure=failure, stamps=stamps)
    if child.printed:
        shown = ascii(child.began_with.decode("utf-8", "replace").partition("\n")[0])
        remark = f"it writes {child.printed:,} bytes to the terminal when it is imported: {shown}"
        return Manifest(**{**vars(manifest), "remarks": (*manifest.remarks, remark)})
    return manifest


def _let_end(pid: int) -> None:
    """Give a child that said all a moment to end by itself, so that how it ended can be told."""
    until = time.monotonic() + 1
    while time.monotonic() < until:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return
        time.sleep(0.002)


def _answered(child: _Child) -> Manifest | None:
    if not child.answer.endswith(b"\n"):
        return None
    return Manifest.from_dict(json.loads(child.answer))


def _why(child: _Child, status: int, *, in_time: bool, seconds: float) -> str:
    if len(child.answer) > LARGEST_ANSWER:
        return f"its declarations are larger than {LARGEST_ANSWER >> 20} MiB"
    if not in_time:
        return f"it did not come back within {seconds:g} s"
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        return f"it crashed ({signal.Signals(-code).name})"
    return f"it ended the process with exit code {code}"


if __name__ == "__main__":
    main()
