"""What was promised to survive a crash or a full disk does."""

from __future__ import annotations

import errno
import json
import os
import random
import resource
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hfshell import storage
from hfshell.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
KILLER = Path(__file__).parent / "faults" / "killed_at_every_line.py"
FAILING = ("open", "fdopen", "fsync", "close", "rename", "mkdir")


def make_folder(folder: Path, text: str = "old", *, replace: bool = False) -> Path:
    with storage.staged_folder(folder, {"text": text}, replace=replace) as staging:
        (staging / "weights.bin").write_text(text * 1000)
        (staging / "inner").mkdir()
        (staging / "inner" / "state.json").write_text(text)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def hidden(folder: Path) -> list[str]:
    return [name for name in names(folder) if name.startswith(".")]


@contextmanager
def failing_call(monkeypatch: pytest.MonkeyPatch, number: int, error: int) -> Iterator[list[str]]:
    """Make the n-th of all calls to the functions that touch the disk fail; yield the calls seen."""
    calls: list[str] = []

    def failing(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            calls.append(name)
            if len(calls) == number:
                raise OSError(error, os.strerror(error))
            return real(*arguments, **named)

        return call

    with monkeypatch.context() as patch:
        for name in FAILING:
            patch.setattr(os, name, failing(name, getattr(os, name)))
        yield calls


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Make the kernel refuse files beyond a size: a refusal in the middle of a write, without root."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    """The new content is there, nothing else is, and a private file stays private."""
    path = tmp_path / "file"
    storage.write_file_atomically(path, "old", mode=0o600)
    storage.write_file_atomically(path, "nëw")
    assert path.read_text(encoding="utf-8") == "nëw"
    assert path.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["file"]


def test_permissions_are_given_back_whatever_the_umask(tmp_path: Path) -> None:
    """A file that its group may write can be written by its group after it was replaced."""
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o664)
    before = os.umask(0o077)
    try:
        storage.write_file_atomically(path, "new")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o664


def test_a_link_is_followed_and_a_device_written_to(tmp_path: Path) -> None:
    """`> link` changes the file behind the link, and `> /dev/null` does not replace the device."""
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    storage.write_file_atomically(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"
    storage.write_file_atomically(Path(os.devnull), "gone")
    assert Path(os.devnull).is_char_device()


def test_a_committed_folder_verifies_and_says_what_it_is(tmp_path: Path) -> None:
    """A folder reads back with its identity and leaves no staging behind."""
    folder = make_folder(tmp_path / "deep" / "folder")
    assert storage.verify(folder) == []
    manifest = storage.read_manifest(folder)
    assert manifest.identity == {"text": "old"}
    assert set(manifest.files) == {"weights.bin", "inner/state.json"}
    assert names(folder.parent) == ["folder"]


def test_a_folder_gives_way_only_when_told(tmp_path: Path) -> None:
    """Nothing is overwritten by accident, and a replaced folder is gone altogether."""
    folder = make_folder(tmp_path / "folder")
    with pytest.raises(StorageError, match="is there already"):
        make_folder(folder, "new")
    assert storage.read_manifest(folder).identity == {"text": "old"}
    make_folder(folder, "new", replace=True)
    assert (folder / "inner" / "state.json").read_text() == "new"
    assert storage.verify(folder) == []
    assert names(tmp_path) == ["folder"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError])
def test_a_block_that_raises_leaves_nothing(tmp_path: Path, stop: type[BaseException]) -> None:
    """An interrupt or a bug while a folder is filled neither commits it nor is translated."""

    def stopped() -> None:
        with storage.staged_folder(tmp_path / "folder", {}) as staging:
            (staging / "half").write_text("half")
            raise stop

    with pytest.raises(stop):
        stopped()
    assert names(tmp_path) == []


def test_a_removed_folder_is_gone(tmp_path: Path) -> None:
    """Removing leaves neither the folder nor its trash."""
    storage.remove_folder(make_folder(tmp_path / "folder"))
    assert names(tmp_path) == []


def test_leftovers_are_removed_and_a_folder_set_aside_returns(tmp_path: Path) -> None:
    """What a kill left is cleaned up; what was about to be replaced is not lost; nothing else is touched."""
    make_folder(tmp_path / "kept")
    make_folder(tmp_path / "lost").rename(tmp_path / ".replaced-lost-0123456789ab")
    (tmp_path / ".staging-0123456789ab" / "half").mkdir(parents=True)
    (tmp_path / ".staging-ba9876543210").write_text("half")
    (tmp_path / ".trash-old-0123456789ab").mkdir()
    (tmp_path / ".mine").write_text("mine")
    removed = storage.remove_leftovers(tmp_path)
    assert len(removed) == 4
    assert names(tmp_path) == [".mine", "kept", "lost"]
    assert storage.verify(tmp_path / "lost") == []


# ---- damage


def test_every_flipped_bit_is_found(tmp_path: Path) -> None:
    """One bit anywhere, the manifest included, makes a folder fail; put back, it verifies again."""
    folder, draw = make_folder(tmp_path / "folder"), random.Random(5)
    files = [path for path in folder.rglob("*") if path.is_file()]
    for _ in range(400):
        path = draw.choice(files)
        before = path.read_bytes()
        place = draw.randrange(len(before))
        flipped = bytes([before[place] ^ (1 << draw.randrange(8))])
        path.write_bytes(before[:place] + flipped + before[place + 1 :])
        assert storage.verify(folder), f"{path.name}: byte {place} became {flipped!r}"
        path.write_bytes(before)
    assert storage.verify(folder) == []


@pytest.mark.parametrize("name", ["weights.bin", "inner/state.json", storage.MANIFEST])
def test_every_truncation_is_found(tmp_path: Path, name: str) -> None:
    """A file cut anywhere is found, and named."""
    folder = make_folder(tmp_path / "folder")
    whole = (folder / name).read_bytes()
    for size in range(0, len(whole), max(1, len(whole) // 60)):
        (folder / name).write_bytes(whole[:size])
        assert any(name in fault for fault in storage.verify(folder)), size


def swap(folder: Path) -> None:
    other = make_folder(folder.parent / "other", "new")
    shutil.copy(other / "weights.bin", folder / "weights.bin")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "weights.bin").unlink(), "weights.bin is missing"),
        (lambda folder: (folder / "more").write_text("more"), "more is not in the manifest"),
        (swap, "weights.bin was changed"),
        (lambda folder: (folder / storage.MANIFEST).unlink(), "cannot be read"),
        (lambda folder: (folder / storage.MANIFEST).write_text("[]"), "is damaged"),
        (shutil.rmtree, "cannot be read"),
        (lambda folder: shutil.rmtree(folder / "inner"), "inner/state.json is missing"),
    ],
)
def test_damage_is_named(tmp_path: Path, damage: Callable[[Path], object], said: str) -> None:
    """Missing, added and exchanged files are found, and the message names them."""
    folder = make_folder(tmp_path / "folder")
    damage(folder)
    assert any(said in fault for fault in storage.verify(folder))


def test_a_link_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    """A file must be there itself: a link to the same bytes may change any time."""
    folder = make_folder(tmp_path / "folder")
    (folder / "weights.bin").rename(tmp_path / "elsewhere")
    (folder / "weights.bin").symlink_to(tmp_path / "elsewhere")
    assert storage.verify(folder) == ["weights.bin is not a regular file"]


# ---- a disk that refuses


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EMFILE])
@pytest.mark.parametrize("what", ["file", "new folder", "replaced folder", "removed folder"])
def test_each_failing_call_keeps_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, error: int
) -> None:
    """Every call to the disk fails in turn: one clear error, and what was there is whole."""
    number, messages = 0, []
    while True:
        number += 1
        root = tmp_path / str(number)
        root.mkdir()
        path = root / "name"
        if what == "file":
            path.write_text("old")
        elif what != "new folder":
            make_folder(path)
        with failing_call(monkeypatch, number, error) as calls:
            try:
                if what == "file":
                    storage.write_file_atomically(path, "new")
                elif what == "removed folder":
                    storage.remove_folder(path)
                else:
                    make_folder(path, "new", replace=True)
            except StorageError as raised:
                messages.append(f"{raised.message} {raised.hint}")
        storage.remove_leftovers(root)
        if what == "file":
            assert path.read_text() in ("old", "new")
        else:
            assert storage.verify(path) == [] or what in ("new folder", "removed folder")
            assert not path.exists() or storage.verify(path) == []
        assert hidden(root) == []
        if len(calls) < number:
            break
    assert all(str(tmp_path) in message and "None" not in message for message in messages)
    assert len(messages) >= {"file": 3, "removed folder": 1}.get(what, 12)


def test_a_refusal_in_the_middle_of_a_write_keeps_the_old(tmp_path: Path) -> None:
    """The kernel itself refuses after some bytes: a file and a folder are as they were."""
    path, folder = tmp_path / "file", tmp_path / "folder"
    storage.write_file_atomically(path, "old")
    make_folder(folder)
    with largest_file(8192):
        with pytest.raises(StorageError, match="too large"):
            storage.write_file_atomically(path, b"new" * 10_000)
        with (
            pytest.raises(StorageError, match="too large"),
            storage.staged_folder(folder, {}, replace=True) as s,
        ):
            (s / "weights.bin").write_bytes(b"new" * 10_000)
    assert path.read_text() == "old"
    assert storage.verify(folder) == []
    assert hidden(tmp_path) == []


def test_errors_of_the_libraries_that_write_are_understood(tmp_path: Path) -> None:
    """What safetensors and torch raise when the disk refuses is no OSError; here it is a StorageError."""
    torch = pytest.importorskip("torch")
    safetensors = pytest.importorskip("safetensors.torch")
    tensors = {"weight": torch.zeros(1000, 100)}
    for save in (safetensors.save_file, torch.save):
        with (
            largest_file(8192),
            pytest.raises(StorageError, match="cannot be written"),
            storage.staged_folder(tmp_path / "folder", {}) as staging,
        ):
            save(tensors, staging / "weights")
    assert names(tmp_path) == []


def test_too_little_space_is_said_before_anything_is_written(tmp_path: Path) -> None:
    """A folder that cannot fit is refused at once, with the bytes needed and free."""
    too_much = 1 << 60
    with (
        pytest.raises(StorageError, match=r"no space left.*needed, .* free") as raised,
        storage.staged_folder(tmp_path / "folder", {}, needed=too_much),
    ):
        pytest.fail("the block ran")
    assert "free some space" in (raised.value.hint or "")
    assert names(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    """No permission is one line with the path."""
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match=f"{tmp_path}.*may not be written"):
        storage.write_file_atomically(tmp_path / "file", "new")
    tmp_path.chmod(0o700)


FULL_DISK = """
import sys
from pathlib import Path
from hfshell import storage
from hfshell.errors import StorageError
root = Path(sys.argv[1])
with storage.staged_folder(root / "folder", {}) as staging:
    (staging / "weights").write_bytes(b"old" * 1000)
storage.write_file_atomically(root / "file", "old")
for act in ("folder", "file"):
    try:
        if act == "file":
            storage.write_file_atomically(root / "file", b"new" * 1_000_000)
        else:
            with storage.staged_folder(root / "folder", {}, replace=True) as staging:
                (staging / "weights").write_bytes(b"new" * 1_000_000)
    except StorageError as error:
        print(error.message)
assert storage.verify(root / "folder") == [] and (root / "file").read_text() == "old"
assert sorted(path.name for path in root.iterdir()) == ["file", "folder"]
"""


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """On a file system of one megabyte the old file and folder stay, and the error says why."""
    script = 'mount -t tmpfs -o size=1m none "$0" && exec "$1" -c "$2" "$0"'
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]
    if not shutil.which("unshare") or subprocess.run([*command[:4], "true"], check=False).returncode:
        pytest.skip("this system lets nobody make a file system of their own")
    run = subprocess.run(
        [*command, tmp_path, sys.executable, FULL_DISK], check=False, capture_output=True, text=True, cwd=ROOT
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("no space left for") == 2


# ---- a process that is killed


def sweep(folder: Path, operation: str) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, KILLER, folder / "sweep", operation],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    report: dict[str, Any] = json.loads(run.stdout)
    return report


@pytest.mark.parametrize(
    ("operation", "least", "seen"),
    [
        ("write", 20, {"old", "new"}),
        ("commit", 60, {"none", "new"}),
        ("replace", 60, {"old", "old, aside", "new"}),
        ("remove", 10, {"old", "none"}),
    ],
)
def test_killed_at_every_line(tmp_path: Path, operation: str, least: int, seen: set[str]) -> None:
    """`kill -9` at each line of the writer in turn leaves the old or the new, never a part."""
    report = sweep(tmp_path, operation)
    assert report["wrong"] == []
    assert report["killed"] >= least, "the kills must land"
    assert set(report["states"]) == seen


def test_the_sweep_sees_a_writer_without_the_protocol(tmp_path: Path) -> None:
    """The same sweep over a saver that writes in place finds broken folders: the test above can fail."""
    assert sweep(tmp_path, "in place")["wrong"]
