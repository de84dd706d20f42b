"""Kill a writer at every line of `hfshell.storage` in turn, and look at what it leaves. Run as a program.

Usage: killed_at_every_line.py FOLDER OPERATION. Prints JSON: how many children were killed, how many of them
left the old state and the new one, and every state that is neither.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell import storage

if TYPE_CHECKING:
    from types import FrameType

OLD, NEW = {"weights.bin": b"old" * 5000, "inner/state.json": b"1"}, {"weights.bin": b"new" * 5000}


def fill(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def commit(folder: Path, files: dict[str, bytes], *, replace: bool = False) -> None:
    with storage.staged_folder(folder, {"made": "by a test"}, replace=replace) as staging:
        fill(staging, files)


def content(folder: Path) -> str:
    """Return which of the states a folder is in: `none`, `old`, `new`, or what is wrong."""
    if not folder.exists():
        return "none"
    if faults := storage.verify(folder):
        return f"broken: {faults}"
    return "old" if (folder / "weights.bin").read_bytes() == OLD["weights.bin"] else "new"


def write_file(root: Path) -> None:
    storage.write_file_atomically(root / "file", b"new" * 5000)


def commit_in_place(root: Path) -> None:
    """What a saver without the protocol does."""
    folder = root / "folder"
    fill(folder, {"weights.bin": NEW["weights.bin"]})
    storage._free_bytes(root)
    fill(folder, {"inner/state.json": b"2"})
    storage._free_bytes(root)


OPERATIONS = {
    "write": (lambda root: (root / "file").write_bytes(b"old" * 5000), write_file, {"old", "new"}),
    "commit": (lambda _root: None, lambda root: commit(root / "folder", NEW), {"none", "new"}),
    "replace": (
        lambda root: commit(root / "folder", OLD),
        lambda root: commit(root / "folder", NEW, replace=True),
        {"old", "new", "old, aside"},
    ),
    "remove": (
        lambda root: commit(root / "folder", OLD),
        lambda root: storage.remove_folder(root / "folder"),
        {"old", "none"},
    ),
    "in place": (lambda root: commit(root / "folder", OLD), commit_in_place, {"old", "new"}),
}


def state(root: Path, operation: str) -> str:
    if operation == "write":
        found = (root / "file").read_bytes()
        return {b"old" * 5000: "old", b"new" * 5000: "new"}.get(found, f"broken: {len(found)} bytes")
    found = content(root / "folder")
    aside = any(content(entry) == "old" for entry in root.glob(".replaced-*"))
    return "old, aside" if found == "none" and aside else found


def killed_at(line: int) -> Any:
    seen = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal seen
        if frame.f_code.co_filename != storage.__file__:
            return None
        if event == "line":
            seen += 1
            if seen == line:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def main(root: Path, operation: str) -> dict[str, Any]:
    prepare, act, allowed = OPERATIONS[operation]
    killed, states, wrong, line = 0, {}, [], 0
    while True:
        line += 1
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        prepare(root)
        child = os.fork()
        if not child:
            sys.settrace(killed_at(line))
            act(root)
            sys.settrace(None)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        found = state(root, operation)
        if not os.WIFSIGNALED(status):
            return {"killed": killed, "states": states, "wrong": wrong, "after": found, "status": status}
        killed += 1
        states[found] = states.get(found, 0) + 1
        if found not in allowed:
            wrong.append(f"line event {line}: {found}")
        storage.remove_leftovers(root)
        if state(root, operation) != found.removesuffix(", aside"):
            wrong.append(f"line event {line}: removing leftovers changed {found}")


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))
