"""The batch that runs: lines that were done before are passed over, those that are done now written down."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.api.events import Note
from hfshell.errors import HfshellError, Refused, UsageError
from hfshell.language import expand
from hfshell.session.checkpointing import fingerprints, targets
from hfshell.session.checkpointing.file import CheckpointFile
from hfshell.session.checkpointing.header import begin_anew, changed_versions, header_of, require_same
from hfshell.session.checkpointing.line import LineProgress, LineState
from hfshell.session.checkpointing.state import State, brings_secret, changes, is_kept, restore
from hfshell.session.names import CURRENT

if TYPE_CHECKING:
    from hfshell.api.requests import RunRequest
    from hfshell.language import CommandLine, Script
    from hfshell.session.checkpointing.file import Record
    from hfshell.session.quietly import Watch
    from hfshell.session.session import Session

AGAIN = frozenset({"require", "expect", "source"})
"""Commands that are done again, and say nothing of it: they cost nothing, or hold lines of their own."""


class Batch:
    """A batch with a checkpoint.

    Args:
        checkpoint: its file, open.
        script: the batch.
        session: runs it.
    """

    def __init__(self, checkpoint: CheckpointFile, script: Script, session: Session) -> None:
        self._file = checkpoint
        self._session = session
        self._lines: dict[str, LineState] = {}
        self._writers: dict[str, str] = {}
        self._written: set[str] = set()
        self._targets = targets.planned(script)
        self._ran = False
        self._within: list[str] = []
        for record in checkpoint.records:
            self._take(record)

    @classmethod
    @contextmanager
    def opened(cls, request: RunRequest, script: Script, session: Session, watch: Watch) -> Iterator[Batch]:
        """Open the checkpoint that a request names, and hold it against the script.

        Raises:
            UsageError: there is one already, and nobody said to go on with it; or it is none; or a line of
                the script writes to its file.
            Refused: it is of another batch.
            StorageError: another process writes to it, it is damaged, or the disk refused.
        """
        shown = request.checkpoint or ""
        if Path(shown).expanduser().absolute() in targets.planned(script):
            raise UsageError(f"{shown} is what a line writes", hint="a checkpoint has a file of its own")
        owner = os.getppid() if session.in_kernel else None
        checkpoint = CheckpointFile.open(shown, owner=owner, say=lambda text: watch(Note(text)))
        batch = None
        try:
            header = header_of(script, session)
            if not checkpoint.records:
                checkpoint.add(header)
                checkpoint.announce(owner)
            elif not request.resume:
                raise UsageError(
                    f"{shown} is there already: a batch began with it",
                    hint=f"--resume goes on with it; to begin anew: rm {shown}",
                )
            else:
                require_same(checkpoint.records[0], header, shown)
                for text in changed_versions(checkpoint.records[0], header):
                    watch(Note(text, "warn"))
            batch = cls(checkpoint, script, session)
            if request.resume:
                watch(Note(batch.summary(script)))
            yield batch
        finally:
            if batch is not None:
                batch.tidy_up()
            checkpoint.close()

    @property
    def rows_file(self) -> Path:
        """Where predictions of a line that runs are kept."""
        return self._file.path.with_name(f"{self._file.path.name}.rows")

    def summary(self, script: Script) -> str:
        """Say how far the batch came before."""
        states = [self._lines.get(str(line.line), LineState()) for line in script.lines]
        done, lines = sum(state.done is not None for state in states), len(states)
        if done == lines:
            return f"all {lines} lines were done before"
        if not any(state.begun for state in states):
            return "nothing was done before: the batch begins"
        return f"{done} of {lines} lines were done before, and are passed over"

    def tidy_up(self) -> None:
        """Remove predictions that no line will go on with."""
        if not any(state.rows and state.done is None for state in self._lines.values()):
            self.rows_file.unlink(missing_ok=True)

    def was_done(self, line: CommandLine) -> bool:
        """Whether a line was done, and nothing changed since; what it had changed is then put back.

        Raises:
            Refused: what it read, or wrote, is no longer what it was.
        """
        key = self._key(line)
        state = self._lines.get(key)
        if state is None or state.begun is None or state.done is None or line.command.text in AGAIN:
            return False
        if not (self._is_asked_the_same(line, state.begun) and self._reads_the_same(line, state.begun)):
            return False
        if state.done["again"]:
            return False
        self._require_outputs(line, key, state.done)
        self._session.names.begin(line.text)  # `undo` knows it
        return restore(state.done["changes"], line.command.text, self._session)

    def begin(self, line: CommandLine) -> LineProgress:
        """Write down that a line begins; what a kill left of its output is taken back.

        Raises:
            Refused: somebody else changed that output meanwhile.
            StorageError: the disk refused.
        """
        key, command = self._key(line), line.command.text
        state = self._lines.setdefault(key, LineState())
        earlier = replace(state, makes=set(state.makes))
        words = self._words(line)
        inputs = fingerprints.inputs(command, words, self._not_read)
        asked = {**self._asked(words), "inputs": inputs}
        quiet = _is_done_again(command, earlier, asked)
        if line.redirect is not None and earlier.cut_off and earlier.begun is not None:
            targets.roll_back(earlier.begun.get("target"), line, self._file.shown)
        target = targets.before(line, self._session)
        progress = LineProgress(
            key=key,
            earlier=earlier,
            asked=fingerprints.of_text(json.dumps(asked, sort_keys=True)),
            rows_file=self.rows_file,
            before=State.of(self._session),
            state=state,
            _file=self._file,
            quiet=quiet,
        )
        if not quiet:
            progress.note("begun", sync=target is not None, **asked, target=target)
        return progress

    def end(self, line: CommandLine, progress: LineProgress, code: int) -> None:
        """Write down how a line ended.

        Args:
            line: the line.
            progress: as `begin` gave it.
            code: its exit code; anything but 0 is a failure, to be tried again.

        Raises:
            StorageError: the disk refused.
        """
        if code or not progress.quiet:
            self._ran = self._ran or line.command.text not in AGAIN
        if progress.quiet and not code:
            return
        if code:
            progress.note("failed", code=code)
            return
        now = State.of(self._session)
        again = line.command.text in AGAIN or brings_secret(progress.before, now)
        made = {} if again else changes(progress.before, now)
        if made and not is_kept(made, self._session):
            return
        outputs = {**progress.written, **self._outputs(line)}
        self._written |= outputs.keys()
        progress.note("done", command=line.command.text, changes=made, outputs=outputs, again=again)
        self.rows_file.unlink(missing_ok=True)

    def sources(self, script: Path, text: str) -> None:
        """Hold the script that the line which runs sources against what it was.

        Raises:
            Refused: it has changed.
            StorageError: the disk refused.
        """
        state, digest = self._lines["/".join(self._within)], fingerprints.of_text(text)
        if state.sourced is None:
            record = {"kind": "sourced", "line": "/".join(self._within), "sha256": digest}
            self._file.add(record, sync=False)
            state.take(record)
        elif state.sourced != digest:
            raise self._refused(f"the script {_shown(str(script))} has changed")

    @contextmanager
    def within(self, line: CommandLine) -> Iterator[None]:
        """Number the lines of a script that a line sources behind its own number."""
        self._within.append(str(line.line))
        try:
            yield
        finally:
            self._within.pop()

    def _key(self, line: CommandLine) -> str:
        return "/".join([*self._within, str(line.line)])

    def _take(self, record: Record) -> None:
        if "line" not in record:
            return
        self._lines.setdefault(record["line"], LineState()).take(record)
        target = record.get("target")
        for path in [*record.get("outputs", ()), *([target["path"]] if target else ())]:
            self._writers[path] = record["line"]

    def _asked(self, words: Sequence[str]) -> Record:
        """Return what a line is asked: its words as expanded, and what names in them hold."""
        names = {CURRENT: self._session.names.current_model, **{b.name: b for b in self._session.names}}
        named = {part.partition(".")[0] for word in words for part in (word, word.partition("=")[2])}
        held = {name: names[name] for name in sorted(named & names.keys())}
        return {
            "words": [fingerprints.of_text(word) for word in words],
            "names": {
                name: fingerprints.of_text(json.dumps([binding.kind, binding.recipe], sort_keys=True))
                for name, binding in held.items()
                if binding is not None
            },
        }

    @property
    def _not_read(self) -> set[Path]:
        """Files that the batch writes, which are no part of a folder that it reads."""
        return {*self._targets, *map(Path, self._writers), self._file.path, self.rows_file}

    def _words(self, line: CommandLine) -> Sequence[str]:
        """Expand a line; where that fails, the command will say so itself."""
        heredoc, redirect = line.heredoc, line.redirect
        words = [
            *line.words,
            *([heredoc.body] if heredoc else ()),
            *([redirect.target] if redirect else ()),
        ]
        try:
            return [expand(word, self._session.lookup, line.source) for word in words]
        except HfshellError:
            return []

    def _is_asked_the_same(self, line: CommandLine, begun: Record) -> bool:
        now = self._asked(self._words(line))
        if now["words"] == begun["words"] and now["names"] == begun["names"]:
            return True
        if self._ran:  # a line before it was done again, and came to something else
            return False
        changed = "what its references stand for" if now["words"] != begun["words"] else "what its names hold"
        raise self._refused(f"line {line.line} was done, and {changed} has changed")

    def _reads_the_same(self, line: CommandLine, begun: Record) -> bool:
        for path, fingerprint in begun["inputs"].items():
            now = fingerprints.of_path(Path(path), self._not_read)
            if now == fingerprint:
                continue
            if path in self._written:
                return False
            what = "is gone" if now is None else "has changed"
            raise self._refused(f"{_shown(path)}, which line {line.line} read, {what}")
        return True

    def _require_outputs(self, line: CommandLine, key: str, done: Record) -> None:
        for path, fingerprint in done["outputs"].items():
            if self._writers.get(path) != key or path in self._written:  # another line wrote there later
                continue
            now = fingerprints.of_path(Path(path))
            if now != fingerprint:
                what = "is gone" if now is None else "has changed"
                raise self._refused(f"{_shown(path)}, which line {line.line} wrote, {what}")

    def _outputs(self, line: CommandLine) -> dict[str, str | None]:
        path = targets.of(line, self._session)
        return {} if path is None else {str(path): fingerprints.of_path(path)}

    def _refused(self, message: str) -> Refused:
        return Refused("resume", message, hint=begin_anew(self._file.shown))


def _is_done_again(command: str, earlier: LineState, asked: Record) -> bool:
    """Whether a line was done, and is done again without a word; one that binds a secret only as it was."""
    if earlier.done is None or earlier.begun is None:
        return False
    return command in AGAIN or (earlier.done["again"] and earlier.begun["words"] == asked["words"])


def _shown(path: str) -> str:
    """Return a path as people would write it here."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path
