"""`chat`: conversations that go on, read on, can be taken back and saved, and never lose a turn unsaid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hfshell import Session
from hfshell.api.events import CommandFinished, SessionEvent, Written
from hfshell.api.requests import RunRequest
from hfshell.api.results import ChatReply, Result, SubPrompt
from hfshell.errors import HfshellError, Interrupted, UsageError
from tests.models.talking import talker
from tests.since import since

LONG = 3000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model that can be talked with, and reads much."""
    return talker(tmp_path_factory.mktemp("talker"), longest=LONG)


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[Session]:
    """A session with that model."""
    with Session() as made:
        made.run(f"m = load {folder}")
        yield made


@pytest.fixture
def session(shared: Session) -> Session:
    """The same, with a new conversation."""
    shared.run("chat m --new begin --max-new-tokens 1 --system ''")
    shared.run("chat m --undo")
    return shared


def said(session: Session, line: str) -> ChatReply:
    """The reply to a line."""
    result = session.run(line)
    assert isinstance(result, ChatReply)
    return result


def number(value: int | None) -> int:
    """A count that was counted."""
    assert value is not None
    return value


def asked(session: Session, **request: Any) -> tuple[list[Result], list[HfshellError], int]:
    """What came of a request."""
    results: list[Result] = []
    errors: list[HfshellError] = []

    def watch(event: SessionEvent) -> None:
        if isinstance(event, CommandFinished):
            results.extend([event.result] if event.result else [])
            errors.extend([event.error] if event.error else [])

    code = session.execute(RunRequest(**request), watch)
    return results, errors, code


@since("5.17", "caches that can be cut back")
def test_conversation_goes_on(session: Session) -> None:
    """Each line is a turn, and the model is told all turns before it."""
    first = said(session, "chat m hello there --max-new-tokens 8")
    second = said(session, 'chat m "and now?" --max-new-tokens 8')
    assert (first.turn, second.turn) == (1, 2)
    assert (first.task, first.model, first.finish_reason) == ("chat", "m", "length")
    assert first.tokens == 8
    assert first.tokens_per_second == pytest.approx(8 / first.seconds)
    assert number(second.prompt_tokens) > number(first.prompt_tokens) + 8
    assert second.reused_tokens == number(first.prompt_tokens) + 7  # all but the last token written


def test_reply_is_bound_with_its_fields(session: Session) -> None:
    """A script can ask how a reply came about."""
    session.run("reply = chat m hi --max-new-tokens 5")
    session.run("expect reply.tokens == 5\nexpect reply.finish_reason == length\nexpect reply.turn == 1")
    assert session.lookup.value("reply", "text")


@since("5.17", "caches that can be cut back")
def test_replies_are_those_of_a_model_that_reads_all_anew(session: Session, folder: Path) -> None:
    """What was kept of the turns before changes nothing but the time."""
    lines = [f"chat m 'line {number}, quite like the others' --max-new-tokens 20" for number in range(5)]
    kept = [said(session, line) for line in lines]
    session.run("chat m --new again --max-new-tokens 1")
    session.run("chat m --undo")
    anew = []
    for line in lines:
        session.conversations.forget_read(str(folder))
        anew.append(said(session, line))
    assert [reply.text for reply in kept] == [reply.text for reply in anew]
    assert [reply.reused_tokens for reply in anew] == [0] * 5
    assert all(reply.reused_tokens for reply in kept[1:])


def test_undo_again_and_new(session: Session) -> None:
    """A turn is taken back whole; a reply is written anew, otherwise where it is drawn."""
    said(session, "chat m one --max-new-tokens 12 --temperature 1")
    second = said(session, "chat m two --max-new-tokens 12 --temperature 1")
    again = said(session, "chat m --again --max-new-tokens 12 --temperature 1")
    third = said(session, "chat m --again --max-new-tokens 12 --temperature 1")
    assert (again.turn, third.turn) == (2, 2)
    assert len({second.text, again.text, third.text}) == 3
    session.run("chat m --undo")
    assert said(session, "chat m two --max-new-tokens 12 --temperature 1").text == second.text
    assert said(session, "chat m one --new --max-new-tokens 4").turn == 1


def test_undo_of_nothing_is_an_error(session: Session) -> None:
    """There is no turn to take back."""
    with pytest.raises(UsageError, match="nothing was said yet"):
        session.run("chat m --undo")
    with pytest.raises(UsageError, match="nothing was said yet"):
        session.run("chat m --again")


def test_failed_again_leaves_the_conversation(session: Session) -> None:
    """What was said is not lost because its reply could not be written anew."""
    said(session, "chat m one --max-new-tokens 4")
    with pytest.raises(HfshellError):
        session.run("chat m --again --stop ''")
    assert said(session, "chat m two --max-new-tokens 4").turn == 2


def test_system_is_kept_for_the_turns_that_follow(session: Session) -> None:
    """It is said once, told each time, and taken back with an empty text."""
    plain = said(session, "chat m hi --max-new-tokens 1").prompt_tokens
    session.run("chat m --undo")
    told = said(session, "chat m hi --max-new-tokens 1 --system 'be brief'").prompt_tokens
    session.run("chat m --undo")
    again = said(session, "chat m hi --max-new-tokens 1").prompt_tokens
    session.run("chat m --undo")
    without = said(session, "chat m hi --max-new-tokens 1 --system ''").prompt_tokens
    assert number(told) > number(plain)
    assert (again, without) == (told, plain)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("chat m", "chat wants a text"),
        ("chat m --new", "chat wants a text"),
        ("r = chat m", "chat wants a text"),
        ("chat m ''", "nothing is said"),
        ("chat m hi --undo", "--undo is of the last turn"),
        ("chat m --again --undo", "one of them"),
        ("chat m hi --save talk.txt", "not written as .txt"),
        ("chat m hi --task text-generation", "holds no conversations"),
        ("predict m", "predict wants a text"),
    ],
)
def test_what_a_script_cannot_mean_is_a_usage_error(session: Session, line: str, message: str) -> None:
    """Nobody is asked, and nothing is done."""
    with pytest.raises(UsageError, match=message):
        session.run(line)


def test_model_that_writes_nothing_cannot_be_talked_with(shared: Session, tiny_model: Path) -> None:
    """It is said so, and what is wanted."""
    shared.run(f"b = load {tiny_model}")
    with pytest.raises(UsageError, match="holds no conversations"):
        shared.run("chat b hi")


def test_heredoc_is_said_behind_the_text(session: Session) -> None:
    """A long text need not stand in quotes."""
    alone = said(session, "chat m --max-new-tokens 1 <<'END'\nwhere is $it\nEND")
    session.run("chat m --undo")
    both = said(session, "chat m 'look:' --max-new-tokens 1 <<'END'\nwhere is $it\nEND")
    assert both.prompt_tokens == number(alone.prompt_tokens) + len("look:\n\n")


def test_saved_conversation_is_data(session: Session, tmp_path: Path) -> None:
    """The rows are what `finetune` learns from; the page is for people."""
    said(session, "chat m hi --max-new-tokens 4 --system 'be brief'")
    session.run(f"chat m --save {tmp_path}/talk.jsonl")
    session.run(f"chat m --save {tmp_path}/talk.md")
    (row,) = map(json.loads, (tmp_path / "talk.jsonl").read_text().splitlines())
    assert [message["role"] for message in row["messages"]] == ["system", "user", "assistant"]
    assert row["messages"][1]["content"] == "hi"
    assert (tmp_path / "talk.md").read_text().startswith("## System\n\nbe brief\n\n## User\n\nhi\n")


def test_line_without_a_text_opens_a_prompt_where_there_is_one(session: Session) -> None:
    """It says what each line is to repeat, and not what was of that line alone."""
    results, _, code = asked(session, text="chat m --temperature 0.5 --new --system x", interactive=True)
    (opened,) = results
    assert isinstance(opened, SubPrompt)
    assert (opened.command, opened.model, opened.task, opened.turns) == ("chat", "m", "chat", 0)
    assert opened.options == (("--temperature", "0.5"),)
    assert code == 0
    _, errors, _ = asked(session, text="r = chat m", interactive=True)
    assert isinstance(errors[0], UsageError)


def test_predict_without_a_text_opens_a_prompt_too(session: Session) -> None:
    """With what was given on the line."""
    results, _, _ = asked(session, text="predict m --max-new-tokens 5", interactive=True)
    (opened,) = results
    assert isinstance(opened, SubPrompt)
    assert (opened.command, opened.options, opened.wanted) == ("predict", (("--max-new-tokens", "5"),), ())


@since("5.17", "caches that can be cut back")
def test_ctrl_c_keeps_the_reply_so_far(session: Session) -> None:
    """The conversation goes on behind what was written; the script ends as interrupted."""
    results: list[Result] = []

    def watch(event: SessionEvent) -> None:
        if isinstance(event, Written):
            session.cancel(1)
        if isinstance(event, CommandFinished) and event.result:
            results.append(event.result)

    code = session.execute(RunRequest("r = chat m hi --max-new-tokens 2000"), watch)
    (reply,) = results
    assert isinstance(reply, ChatReply)
    assert (code, reply.finish_reason) == (Interrupted.exit_code, "interrupted")
    assert 0 < number(reply.tokens) < 2000
    assert not [guard for guard in reply.guards if guard.name == "cut"]
    assert session.lookup.value("r", "text") == reply.text
    following = said(session, "chat m more --max-new-tokens 2")
    assert following.turn == 2
    assert number(following.reused_tokens) >= number(reply.tokens) - 1


def test_pieces_are_the_whole_reply(session: Session) -> None:
    """What is shown while it is written is what the result has; with a file behind it nothing is shown."""
    pieces: list[Written] = []
    results: list[Result] = []

    def watch(event: SessionEvent) -> None:
        if isinstance(event, Written):
            pieces.append(event)
        if isinstance(event, CommandFinished) and event.result:
            results.append(event.result)

    session.execute(RunRequest("chat m hi --max-new-tokens 40"), watch)
    assert "".join(piece.text for piece in pieces).strip() == results[0].fields()["text"]
    assert all(piece.shown for piece in pieces)
    pieces.clear()
    session.execute(RunRequest("predict m hi --max-new-tokens 40"), watch)
    assert {piece.shown for piece in pieces} == {False}


@since("5.17", "caches that can be cut back")
def test_oldest_turns_are_left_out_and_that_is_said(tmp_path: Path) -> None:
    """What the system says stays, whole turns go, room is left for the next ones, and all can be saved."""
    folder = talker(tmp_path / "short", longest=300)
    with Session() as session:
        session.run(f"m = load {folder}")
        replies = []
        for place in range(12):
            system = " --system 'you are brief'" if place == 0 else ""
            replies.append(said(session, f"chat m 'question number {place}' --max-new-tokens 10{system}"))
        told = [guard for reply in replies for guard in reply.guards if guard.name == "turns"]
        session.run(f"chat m --save {tmp_path}/talk.jsonl")
    assert all(number(guard.count) % 2 == 0 for guard in told)
    assert sum(number(guard.count) for guard in told) == replies[-1].dropped > 0
    assert "messages are left out" in told[0].message
    assert all(number(reply.prompt_tokens) <= 290 for reply in replies)
    assert not [guard for reply in replies for guard in reply.guards if guard.name == "truncation"]
    behind = replies[[reply.dropped > 0 for reply in replies].index(True) + 1]
    assert number(behind.reused_tokens) > 100  # the next turn goes on with what was read
    messages = json.loads((tmp_path / "talk.jsonl").read_text())["messages"]
    assert len(messages) == 1 + 2 * 12


def test_conversation_outlives_the_kernel(folder: Path, tmp_path: Path) -> None:
    """A kernel that died is followed by one that knows what was said."""
    with Session(state=tmp_path) as session:
        session.run(f"m = load {folder}")
        first = said(session, "chat m hi --max-new-tokens 4 --system brief")
    with Session(state=tmp_path) as session:
        second = said(session, "chat m 'go on' --max-new-tokens 4")
        assert second.turn == 2
        assert second.reused_tokens == 0
        assert number(second.prompt_tokens) > number(first.prompt_tokens)


def test_damaged_journal_costs_what_was_said_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    """The session begins."""
    (tmp_path / "conversations.json").write_text('{"x": [1')
    with Session(state=tmp_path) as session:
        session.run(f"m = load {folder}")
        assert said(session, "chat m hi --max-new-tokens 2").turn == 1
    assert (tmp_path / "conversations.damaged").exists()


def test_what_was_read_goes_with_its_model(folder: Path) -> None:
    """Unloading gives its memory back; the conversation stays."""
    with Session() as session:
        session.run(f"m = load {folder}")
        said(session, "chat m hi --max-new-tokens 2")
        session.run("unload m --park")
        assert session.conversations._read == {}
        assert said(session, "chat m 'go on' --max-new-tokens 2").reused_tokens == 0
