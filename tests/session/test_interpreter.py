"""A script runs line by line, stops where it should, and says where."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hfshell import Session
from hfshell.api.events import CommandFinished, SessionEvent
from hfshell.api.requests import RunRequest
from hfshell.errors import UsageError


class Watched:
    """A session, and what it said."""

    def __init__(self) -> None:
        self.session = Session()
        self.finished: list[CommandFinished] = []

    def watch(self, event: SessionEvent) -> None:
        """Keep what ended."""
        if isinstance(event, CommandFinished):
            self.finished.append(event)

    def run(self, text: str, *, keep_going: bool = False, **parameters: str) -> int:
        """Run a script and return its exit code."""
        request = RunRequest(text, file="x.hfsh", parameters=parameters, keep_going=keep_going)
        return self.session.execute(request, self.watch)

    @property
    def said(self) -> list[str]:
        """The lines of `echo`."""
        return [line for event in self.finished for line in getattr(event.result, "lines", ())]


@pytest.fixture
def watched() -> Watched:
    """A fresh session that is watched."""
    return Watched()


def test_stops_at_the_first_error(watched: Watched) -> None:
    """A script does not run on after a mistake."""
    assert watched.run("echo one\necho $nothing\necho two") == 2
    assert watched.said == ["one"]
    error = watched.finished[-1].error
    assert error is not None
    assert str(error.place) == "x.hfsh:2:6"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("eval _ nowhere.csv", 8),
        ("x = eval _ nowhere.csv", 12),
        ('show "nobody"', 6),
        ("set theeme dark", 5),
        ("undo", 1),
    ],
)
def test_an_error_points_at_the_word_that_it_is_about(watched: Watched, line: str, column: int) -> None:
    """The caret stands below the name that is not known; where none is to blame, below the command."""
    watched.run(line)
    error = watched.finished[-1].error
    assert error is not None
    assert error.place is not None
    assert error.place.column == column, error.message


def test_leading_dash_lets_a_line_fail(watched: Watched) -> None:
    """`-` marks a line whose failure does not matter; it is still told."""
    assert watched.run("- show nothing\necho two") == 0
    assert watched.said == ["two"]
    assert watched.finished[0].ignored


def test_keep_going_runs_on_and_exits_one(watched: Watched) -> None:
    """`--keep-going` shows all mistakes of a night's run, and the run is still a failure."""
    assert watched.run("show nothing\necho two\nexpect 1 == 2\necho three", keep_going=True) == 1
    assert watched.said == ["two", "three"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("echo fine", 0), ("load ./no-such-folder", 1), ("finetun x y", 2), ("echo 'open", 2),
        ("expect 1 > 2", 3),
        ("exit 7\necho never", 7), ("", 0), ("# only a comment", 0),
    ],
)  # fmt: skip
def test_exit_codes(watched: Watched, text: str, code: int) -> None:
    """Whoever runs a script learns from its exit code what happened."""
    assert watched.run(text) == code
    assert "never" not in watched.said


def test_parameters_fill_in_and_default(watched: Watched) -> None:
    """A script takes values from whoever runs it."""
    assert watched.run("param a\nparam b = 2\necho $a $b", a="1") == 0
    assert watched.said == ["1 2"]


@pytest.mark.parametrize("given", [{}, {"a": "1", "c": "3"}])
def test_missing_and_unknown_parameters_are_usage_errors(watched: Watched, given: dict[str, str]) -> None:
    """A parameter that is forgotten or misspelt stops the script before its first line."""
    assert watched.run("param a\necho ran", **given) == 2
    assert watched.said == []


def test_one_word_stays_one_word(watched: Watched) -> None:
    """Expansion never splits: a value with spaces, globs or quotes is one word."""
    watched.run('let odd = "a  * \'b"\nlet again = $odd\necho $again')
    assert watched.said == ["a  * 'b"]


def test_heredoc_expands_unless_quoted(watched: Watched) -> None:
    """`<<END` knows names, `<<'END'` does not."""
    session = watched.session
    session.run("let who = Ada")
    code = watched.run("predict _ <<END\nto $who\nEND")
    assert code == 2  # no model was used yet; what matters is that the text parsed and expanded


def test_source_is_relative_to_the_file_that_says_it(watched: Watched, tmp_path: Path) -> None:
    """Scripts that belong together can lie anywhere."""
    (tmp_path / "inner.hfsh").write_text("param word = dear\necho $word\nlet bound = here\n")
    outer = tmp_path / "outer.hfsh"
    outer.write_text("source inner.hfsh word=hello\necho $bound\n")
    watched.session.run_file(outer)
    request = RunRequest(outer.read_text(), file=str(outer), parameters={})
    assert watched.session.execute(request, watched.watch) == 0
    assert watched.said == ["hello", "here"]


def test_script_that_sources_itself_is_stopped(tmp_path: Path) -> None:
    """A cycle is an error, not a hang."""
    script = tmp_path / "loop.hfsh"
    script.write_text("source loop.hfsh\n")
    with pytest.raises(UsageError, match="sources itself"):
        Session().run_file(script)


def test_failure_inside_a_sourced_script_keeps_its_exit_code(watched: Watched, tmp_path: Path) -> None:
    """What stops the inner script stops the outer one, with the same code."""
    (tmp_path / "inner.hfsh").write_text("expect 1 == 2\n")
    outer = tmp_path / "outer.hfsh"
    request = RunRequest("source inner.hfsh\necho never", file=str(outer), parameters={})
    assert watched.session.execute(request, watched.watch) == 3
    assert watched.said == []


def test_result_is_bound_and_its_fields_expand(watched: Watched) -> None:
    """`$NAME.field` reads a field of a result, and an unknown one offers what there is."""
    assert watched.run('e = expect 2 > 1\necho "$e.operator ${e.left}"') == 0
    assert watched.said == ["> 2"]
    assert watched.run("echo $e.operatr") == 2
    assert "operator" in str(watched.finished[-1].error.hint)  # type: ignore[union-attr]


def test_nothing_is_bound_by_a_failed_line(watched: Watched) -> None:
    """A name never holds half a result."""
    watched.run("e = expect 1 > 2")
    assert "e" not in watched.session.names


def test_redirect_writes_and_appends(watched: Watched, tmp_path: Path) -> None:
    """`>` replaces a file, `>>` adds to it."""
    target = tmp_path / "out.jsonl"
    watched.run(f"help set > {target}")
    once = target.read_text()
    assert '"kind":"help"' in once.replace(" ", "")
    watched.run(f"help set >> {target}")
    assert target.read_text() == once * 2
    watched.run(f"help set > {target}")
    assert target.read_text() == once


def test_python_gets_the_result_and_the_error() -> None:
    """`Session.run` returns what a command returned, and raises what it raised."""
    session = Session()
    assert session.run("expect 1 == 1").to_dict()["kind"] == "expectation"  # type: ignore[union-attr]
    with pytest.raises(UsageError, match="no command"):
        session.run("nonsense")


def test_require_compares_versions(watched: Watched) -> None:
    """A script can say what it needs before it does anything."""
    assert watched.run("require hfshell>=0.1") == 0
    assert watched.run("require hfshell>=99") == 2
    assert watched.run("require no-such-package-at-all") == 2


def test_cancel_before_a_line_begins_is_not_lost(watched: Watched) -> None:
    """Ctrl-C while a request waits stops it, and the lines behind it."""

    def cancel_first(event: SessionEvent) -> None:
        watched.session.cancel(1)
        watched.watch(event)

    request = RunRequest("echo one\necho two", parameters={})
    assert watched.session.execute(request, cancel_first) == 130
    assert watched.said == []


@pytest.mark.parametrize("target", ["out.xyz", "nowhere/out.jsonl", "$nothing.jsonl"])
def test_wrong_redirect_is_said_before_the_work(watched: Watched, tmp_path: Path, target: str) -> None:
    """A mistake in `> FILE` costs no training: the command does not run, and binds nothing."""
    assert watched.run(f"x = echo hello > {target if '$' in target else tmp_path / target}") != 0
    error = watched.finished[-1].error
    assert error is not None
    assert error.place is not None
    assert error.place.column == 18
    assert "x" not in watched.session.names


def test_append_keeps_bytes_that_are_not_text(watched: Watched, tmp_path: Path) -> None:
    """What stands in a file already is nobody's business, whatever its encoding."""
    target = tmp_path / "old.txt"
    target.write_bytes(b"caf\xe9\n")
    assert watched.run(f"echo more >> {target}") == 0
    assert target.read_bytes() == b"caf\xe9\nmore\n"


def test_nothing_is_added_to_a_json_document(watched: Watched, tmp_path: Path) -> None:
    """Two JSON documents in one file are none: `>>` refuses, and the file stays."""
    target = tmp_path / "one.json"
    assert watched.run(f"echo a >> {target}") == 0
    before = target.read_bytes()
    assert watched.run(f"echo b >> {target}") == 2
    assert target.read_bytes() == before


def test_heredoc_for_a_command_that_reads_none_is_an_error(watched: Watched) -> None:
    """Text that nobody would read is not swallowed."""
    assert watched.run("echo hello <<END\nlost\nEND") == 2
    assert watched.said == []


def test_a_name_said_twice_is_forgotten_once(watched: Watched) -> None:
    """`unload a a` is `unload a`."""
    assert watched.run("let a = 1\nunload a a") == 0
    assert "a" not in watched.session.names


def test_sourced_path_may_begin_at_home(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`source ~/x.hfsh` runs what `check` found there."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "x.hfsh").write_text("echo here\n")
    assert watched.run("source ~/x.hfsh") == 0
    assert watched.said == ["here"]


def test_first_round_of_a_cycle_runs_once(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script named by a relative path knows itself again."""
    (tmp_path / "loop.hfsh").write_text("echo once\nsource loop.hfsh\n")
    monkeypatch.chdir(tmp_path)
    request = RunRequest("echo once\nsource loop.hfsh", file="loop.hfsh")
    assert watched.session.execute(request, watched.watch) == 2
    assert watched.said == ["once"]


def test_exit_code_that_no_process_can_have_is_refused(watched: Watched) -> None:
    """`exit 256` would read as success."""
    assert watched.run("exit 256") == 2
    assert watched.run("exit 255") == 255


def test_a_device_that_is_not_there_is_not_kept(watched: Watched) -> None:
    """A wrong `set device` is said on its own line, and the session goes on as before."""
    assert watched.run("set device cuda:99") == 1
    assert watched.session.settings.device == "auto"


def test_a_command_that_exits_does_not_end_the_session(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sys.exit` in a plugin's verb fails its line alone."""

    def leave(*_: object) -> None:
        sys.exit(3)

    monkeypatch.setattr("hfshell.session.verbs.words.echo", leave)
    assert watched.run("echo x") == 1
    assert "SystemExit" in str(watched.finished[-1].error)
    assert watched.run("let a = 1") == 0


@pytest.mark.parametrize("line", ["show e.operatr", "show _.operatr", "expect e.operatr == 1"])
def test_unknown_field_offers_the_nearest(watched: Watched, line: str) -> None:
    """A field is misspelt by people: that is no fault in hfshell."""
    assert watched.run(f"e = expect 2 > 1\n{line}") == 2
    assert "operator" in str(watched.finished[-1].error.hint)  # type: ignore[union-attr]
