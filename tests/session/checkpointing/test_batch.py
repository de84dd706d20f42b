"""A batch that was killed goes on where it was, and says what changed when it cannot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.session.checkpointing.lives import CHECKPOINT, live

SCRIPT = """\
let a = one
echo $a >> log.txt
set seed 7
let b = $a-two
echo $b >> log.txt
expect $b == one-two
echo end
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def logged() -> list[str]:
    """Return what the batch logged."""
    return Path("log.txt").read_text().splitlines()


def records() -> list[dict[str, Any]]:
    """Return what stands in the checkpoint."""
    return [json.loads(line)["record"] for line in Path(CHECKPOINT).read_text().splitlines()]


@pytest.mark.parametrize("line", range(1, 8))
def test_killed_behind_any_line(line: int) -> None:
    """What was done is passed over, names and settings are back, and the line that was cut off runs again."""
    killed = live(SCRIPT, resume=False, kill_at=line)
    assert killed.code is None
    resumed = live(SCRIPT)
    assert resumed.code == 0
    assert resumed.began == list(range(line, 8))
    assert logged() == ["one", "one-two"]
    assert resumed.session.settings.seed == 7
    assert resumed.session.names.get("b").value == "one-two"


def test_killed_at_every_line_in_turn() -> None:
    """A batch that is killed again and again gets to its end."""
    for line in range(1, 8):
        live(SCRIPT, kill_at=line)
    assert live(SCRIPT).code == 0
    assert logged() == ["one", "one-two"]


def test_finished_batch_does_nothing() -> None:
    """Resumed behind its end a batch says that all was done, prints no result again, and exits with 0."""
    assert live(SCRIPT, resume=False).code == 0
    size = Path(CHECKPOINT).stat().st_size
    again = live(SCRIPT)
    assert (again.code, again.began, again.said) == (0, [], [])
    assert again.notes == ["all 7 lines were done before"]
    assert logged() == ["one", "one-two"]
    assert live(SCRIPT).code == 0
    assert Path(CHECKPOINT).stat().st_size < size + 1000


def test_how_far_it_was_is_said() -> None:
    """Who resumes sees what is passed over."""
    live(SCRIPT, resume=False, kill_at=5)
    assert live(SCRIPT).notes[0] == "4 of 7 lines were done before, and are passed over"


def test_resume_without_a_checkpoint_begins() -> None:
    """The same command serves for the first time and all others."""
    first = live(SCRIPT)
    assert (first.code, first.notes) == (0, ["nothing was done before: the batch begins"])


def test_checkpoint_that_is_there_wants_resume() -> None:
    """A checkpoint is never begun anew by accident; how to go on and how to begin are said."""
    live(SCRIPT, resume=False, kill_at=3)
    before = Path(CHECKPOINT).read_bytes()
    refused = live(SCRIPT, resume=False)
    assert (refused.code, refused.began) == (2, [])
    assert "--resume" in refused.refusal
    assert "rm batch.checkpoint" in refused.refusal
    assert len(Path(CHECKPOINT).read_bytes()) < len(before) + 300
    assert live(SCRIPT).code == 0


def test_checkpoint_is_no_lines_output() -> None:
    """A line that would write over the checkpoint is found before anything is written."""
    refused = live(f"echo a > {CHECKPOINT}", resume=False)
    assert (refused.code, refused.began) == (2, [])
    assert not Path(CHECKPOINT).exists()


def test_changed_script_is_refused_with_the_line() -> None:
    """A script that has changed is not gone on with: which line changed, from what to what."""
    live(SCRIPT, resume=False, kill_at=5)
    refused = live(SCRIPT.replace("seed 7", "seed 8"))
    assert refused.code == 4
    assert "line 3 was `set seed 7`, is `set seed 8`" in refused.refusal
    assert logged() == ["one", "one-two"]
    assert live(SCRIPT).code == 0


def test_changed_parameter_is_refused() -> None:
    """The same script with another parameter is another batch; secrets are not told."""
    text = "param epochs = 3\nparam api_key = x\necho $epochs\necho end\n"
    live(text, resume=False, kill_at=4, epochs="5", api_key="abc123")
    refused = live(text, epochs="6", api_key="abc124")
    assert refused.code == 4
    assert "epochs was 5, is 6" in refused.refusal
    assert "abc12" not in refused.refusal
    assert "abc123" not in Path(CHECKPOINT).read_text()
    assert live(text, epochs="5", api_key="abc123").code == 0


def test_changed_seed_is_refused(home: Path) -> None:
    """Another seed gives other numbers."""
    config = home / "hfshell" / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("[settings]\nseed = 7\n")
    live("echo a\necho b\n", resume=False, kill_at=2)
    config.write_text("[settings]\nseed = 8\n")
    refused = live("echo a\necho b\n")
    assert refused.code == 4
    assert "seed was 7, is 8" in refused.refusal
    config.write_text("[settings]\nseed = 7\n")
    assert live("echo a\necho b\n").code == 0


def test_changed_folder_is_refused(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative paths mean other files elsewhere."""
    live("echo a\necho b\n", resume=False, kill_at=2)
    (here / "elsewhere").mkdir()
    monkeypatch.chdir(here / "elsewhere")
    (here / CHECKPOINT).rename(CHECKPOINT)
    refused = live("echo a\necho b\n")
    assert refused.code == 4
    assert f"it ran in {here}" in refused.refusal


def test_changed_versions_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of a library is no other batch, but numbers may differ: it is said."""
    live("echo a\necho b\n", resume=False, kill_at=2)
    monkeypatch.setattr(
        "hfshell.session.checkpointing.header.installed_versions", lambda: {"torch": "99", "hfshell": "1"}
    )
    resumed = live("echo a\necho b\n")
    assert resumed.code == 0
    assert any("torch was" in note and "is 99 now" in note for note in resumed.notes)


def test_changed_input_is_refused(here: Path) -> None:
    """Data that a finished line read is data that its result is of."""
    Path("rows.csv").write_text("text,label\n" + "good day,a\nbad day,b\n" * 10)
    text = "d = data rows.csv\necho end\n"
    live(text, resume=False, kill_at=2)
    before = Path("rows.csv").read_text()
    Path("rows.csv").write_text(before.replace("good", "nice"))
    refused = live(text)
    assert refused.code == 4
    assert "rows.csv, which line 1 read, has changed" in refused.refusal
    Path("rows.csv").unlink()
    assert "rows.csv, which line 1 read, is gone" in live(text).refusal
    Path("rows.csv").write_text(before)
    resumed = live(text)
    assert (resumed.code, resumed.began) == (0, [2])
    assert resumed.session.names.get("d").value is None  # parked: nothing was read but its bytes


def test_changed_output_is_refused() -> None:
    """What a finished line wrote must be there still."""
    text = "echo a > a.txt\necho b >> a.txt\necho end\n"
    live(text, resume=False, kill_at=3)
    Path("a.txt").write_text("a\nother\n")
    refused = live(text)
    assert refused.code == 4
    assert "a.txt, which line 2 wrote, has changed" in refused.refusal
    Path("a.txt").unlink()
    assert "is gone" in live(text).refusal


def test_what_a_line_added_is_taken_back_when_it_was_cut_off() -> None:
    """A line that added to a file and could not say so adds to it once."""
    live("echo a >> a.csv\necho b >> a.csv\n", resume=False, kill_at=2)
    assert len(Path("a.csv").read_text().splitlines()) == 3
    assert live("echo a >> a.csv\necho b >> a.csv\n").code == 0
    assert len(Path("a.csv").read_text().splitlines()) == 3


def test_file_that_is_added_to_and_changed_is_refused() -> None:
    """What stood in a file before a line that was cut off must stand there still."""
    live("echo b >> a.txt\necho c >> a.txt\n", resume=False, kill_at=2)
    Path("a.txt").write_text("X" + Path("a.txt").read_text()[1:])
    refused = live("echo b >> a.txt\necho c >> a.txt\n")
    assert refused.code == 4
    assert "has changed" in refused.refusal


def test_changed_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that was done with another value of a variable was another line."""
    text = "let a = ${env:WHO}\necho $a\n"
    monkeypatch.setenv("WHO", "Ada")
    live(text, resume=False, kill_at=2)
    monkeypatch.setenv("WHO", "Bea")
    assert "what its references stand for has changed" in live(text).refusal


def test_secrets_are_bound_again_and_never_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """A `let` of a secret stands nowhere in the checkpoint; what follows is passed over as ever."""
    text = (
        "let my_token = hunter2\nlet env_token = ${env:WHO}\nlet my_token = hunter2\n"
        "let n = 7\necho $n > a.txt\necho end\n"
    )
    monkeypatch.setenv("WHO", "opensesame")
    live(text, resume=False, kill_at=6)
    Path("a.txt").unlink()
    written = Path(CHECKPOINT).read_text()
    assert "opensesame" not in written
    names = [
        entry["name"]
        for record in records()
        if record["kind"] == "done"
        for entry in record["changes"].get("bound", [])
    ]
    assert names == ["n"]
    assert "my_token = ***" in records()[0]["script"]
    resumed = live(text)
    assert resumed.refusal.startswith("a.txt, which line 5 wrote, is gone")


def test_secret_lines_make_nothing_behind_them_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """Done again, a secret is silent, and is held against what it was."""
    text = "let my_token = ${env:WHO}\nlet n = 1\necho $n\n"
    monkeypatch.setenv("WHO", "opensesame")
    live(text, resume=False, kill_at=3)
    resumed = live(text)
    assert (resumed.code, resumed.began) == (0, [3])
    assert resumed.session.names.get("my_token").value == "opensesame"
    assert live(text).notes == ["all 3 lines were done before"]
    monkeypatch.setenv("WHO", "openbarley")
    assert "what its references stand for has changed" in live(text).refusal


def test_failed_line_is_tried_again() -> None:
    """A batch that stopped at an error goes on with that line, once its reason is gone."""
    text = "echo a >> log.txt\nd = data rows.csv\necho b >> log.txt\n"
    assert live(text, resume=False).code == 1
    assert live(text).began == [2]
    Path("rows.csv").write_text("text,label\n" + "good day,a\nbad day,b\n" * 10)
    assert live(text).code == 0
    assert logged() == ["a", "b"]


def test_kept_going_lines_are_done_again_where_what_they_need_changed() -> None:
    """Behind a failed line that works now, only what depends on it is done again."""
    text = "let a = 1\nd = data rows.csv\necho $a > a.txt\nshow d > d.json\n"
    first = live(text, resume=False, keep_going=True)
    assert (first.code, first.began) == (1, [1, 2, 3, 4])
    Path("rows.csv").write_text("text,label\n" + "good day,a\nbad day,b\n" * 10)
    second = live(text, keep_going=True)
    assert (second.code, second.began) == (0, [2, 4])


def test_line_that_may_fail_is_done_when_it_failed() -> None:
    """A failure that the script allows is how the line ends."""
    text = "- data missing.csv\necho a\n"
    live(text, resume=False, kill_at=2)
    assert live(text).began == [2]


def test_expectations_are_held_again() -> None:
    """`expect` costs nothing and is done again on what was put back, without a word unless it fails."""
    text = "e = expect 2 > 1\nexpect e.operator == '>'\necho $e.left\n"
    live(text, resume=False, kill_at=3)
    resumed = live(text)
    assert (resumed.code, resumed.began, resumed.said) == (0, [3], ["2"])


def test_failed_expectation_fails_again() -> None:
    """A batch that ended with 3 ends with 3 again."""
    assert live("let n = 1\nexpect $n == 2\n", resume=False).code == 3
    again = live("let n = 1\nexpect $n == 2\n")
    assert (again.code, again.began) == (3, [2])


def test_exit_is_said_again() -> None:
    """A batch that leaves with a code leaves with it again."""
    assert live("echo a\nexit 7\necho b\n", resume=False).code == 7
    again = live("echo a\nexit 7\necho b\n")
    assert (again.code, again.said) == (7, [])


def test_sourced_script_goes_on_within(here: Path) -> None:
    """Lines of a script that is sourced are passed over one by one."""
    Path("inner.hfsh").write_text("param w\necho $w >> log.txt\nlet x = in\necho $x >> log.txt\n")
    text = "echo a >> log.txt\nsource inner.hfsh w=b\necho $x >> log.txt\n"
    live(text, resume=False, kill_at=4)  # only the inner script has a fourth line
    assert logged() == ["a", "b", "in"]
    resumed = live(text)
    assert resumed.code == 0
    assert resumed.began == [2, 4, 3]
    assert logged() == ["a", "b", "in", "in"]
    assert live(text).began == []


def test_changed_sourced_script_is_refused(here: Path) -> None:
    """A script that is sourced is part of the batch."""
    Path("inner.hfsh").write_text("echo a >> log.txt\necho b >> log.txt\n")
    live("source inner.hfsh\necho c\n", resume=False, kill_at=2)
    Path("inner.hfsh").write_text("echo A >> log.txt\necho b >> log.txt\n")
    refused = live("source inner.hfsh\necho c\n")
    assert refused.code == 4
    assert "inner.hfsh" in refused.refusal


def test_last_result_is_back() -> None:
    """`$_.field` behind a resumption is what it was."""
    text = "expect 2 > 1\necho $_.operator\n"
    live(text, resume=False, kill_at=2)
    assert live(text).said == [">"]


def test_forgotten_names_stay_forgotten() -> None:
    """`unload` is put back as well."""
    text = "let a = 1\nunload a\nlet b = 2\necho $b\n"
    live(text, resume=False, kill_at=4)
    names = {binding.name for binding in live(text).session.names}
    assert names == {"b"}


def test_interrupted_line_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line behind which Ctrl-C came is not written down: whether it did all is not known."""
    from hfshell import Session
    from hfshell.api.requests import RunRequest

    with Session() as session:
        request = RunRequest("echo a\necho b\n", "b.hfsh", parameters={}, checkpoint=CHECKPOINT)
        assert session.execute(request, lambda _event: session.cancel(1)) == 130
    kinds = [record["kind"] for record in records()]
    assert "done" not in kinds
    assert "failed" not in kinds
    assert live("echo a\necho b\n", file="b.hfsh").said == ["a", "b"]
