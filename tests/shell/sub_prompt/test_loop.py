"""The prompt that a line opens: what is typed there, what runs of it, and what it outlives."""

from __future__ import annotations

import stat
from collections.abc import Callable

import pytest

from hfshell.api.events import CommandFinished, CommandStarted, SessionEvent, Written
from hfshell.api.requests import RunRequest
from hfshell.api.results import ChatReply, Message, Result, SubPrompt
from hfshell.errors import KernelDied, UsageError
from tests.shell.typing_person import CTRL_A, CTRL_C, CTRL_D, ENTER, ESCAPE, Prompt

Watch = Callable[[SessionEvent], None]


class Talker:
    """Stands where the kernel stands, and replies with what it was sent."""

    def __init__(self, command: str = "chat", task: str = "chat", wanted: tuple[str, ...] = ()) -> None:
        self.opened = SubPrompt(command=command, model="m", task=task, wanted=wanted)  # type: ignore[arg-type]
        self.dies: list[str] = []

    def __call__(self, request: RunRequest, watch: Watch) -> int:
        """Run a line."""
        if any(word in request.text for word in self.dies):
            raise KernelDied("the kernel was killed (SIGKILL)")
        started = CommandStarted(self.opened.command, None, request.text, request.file, 1)
        watch(started)
        watch(CommandFinished(started, 0.1, self._result(request, watch)))
        return 0

    def _result(self, request: RunRequest, watch: Watch) -> Result:
        words = request.text.split()
        if words[0] == "models":
            return Message(lines=("none",))
        if request.interactive and (len(words) == 2 or words[2] == "--new" or "--system" in words[2]):
            return self.opened
        watch(Written("you said ", shown=True))
        return ChatReply(
            model="m", task="chat", text=f"you said {words[2]}", finish_reason="stop", turn=1, seconds=0.1
        )


def talk(prompt: Prompt, *keys: str) -> None:
    """Press keys, then leave the prompt that was opened, and the other."""
    prompt.type(*keys, CTRL_A + CTRL_C + CTRL_D)


@pytest.fixture
def talker(prompt: Prompt) -> Talker:
    """What the prompt talks with."""
    found = Talker()
    prompt.supervisor.action = found
    return found


def test_each_line_goes_to_the_model_until_ctrl_d(
    prompt: Prompt, talker: Talker, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then the next line is one of the language again; the reply is shown once."""
    prompt.type("chat m", ENTER, "hello", ENTER, "and you?", ENTER, CTRL_D, "models", ENTER)
    assert prompt.sent == ["chat m", "chat m 'hello'", "chat m 'and you?'", "models"]
    assert capsys.readouterr().out.count("you said 'hello'") == 1


def test_lines_are_text_verbatim(prompt: Prompt, talker: Talker) -> None:
    """No quote is open, nothing is a reference, a comment, or for the system's shell."""
    talk(prompt, "chat m", ENTER, "don't $HOME", ENTER, "!rm #x | y", ENTER, "--help", ENTER, "a \\", ENTER)
    assert prompt.sent[1:] == [
        "chat m 'don'\\''t $HOME'",
        "chat m '!rm #x | y'",
        "chat m '--help'",
        "chat m 'a \\'",
    ]


def test_text_of_several_lines_is_one_text(prompt: Prompt, talker: Talker) -> None:
    """Alt-Enter and Ctrl-J begin another line, and a paste is sent whole."""
    talk(
        prompt,
        "chat m",
        ENTER,
        "one",
        ESCAPE + ENTER,
        "two",
        ENTER,
        f"{ESCAPE}[200~three\nfour{ESCAPE}[201~",
        ENTER,
    )
    assert prompt.sent[1:] == ["chat m 'one\ntwo'", "chat m 'three\nfour'"]


def test_ctrl_c_clears_the_line_and_stays(prompt: Prompt, talker: Talker) -> None:
    """Only Ctrl-D and /exit leave."""
    prompt.type("chat m", ENTER, "no", CTRL_C, "yes", ENTER, "/exit", ENTER, "models", ENTER)
    assert prompt.sent[1:] == ["chat m 'yes'", "models"]


def test_commands_behind_a_slash(prompt: Prompt, talker: Talker, capsys: pytest.CaptureFixture[str]) -> None:
    """Each becomes a line; what it sets is of all lines that follow; two slashes are said."""
    talk(
        prompt, "chat m", ENTER, "/new", ENTER, "/undo", ENTER, "/set temperature 0.5", ENTER,
        "/system be brief", ENTER, "hi", ENTER, "/again", ENTER, "/save talk.jsonl", ENTER,
        "//literal", ENTER,
    )  # fmt: skip
    assert prompt.sent[1:] == [
        "chat m --new",
        "chat m --undo",
        "chat m --system='be brief'",
        "chat m 'hi' --temperature='0.5'",
        "chat m --temperature='0.5' --again",
        "chat m --save='talk.jsonl'",
        "chat m '/literal' --temperature='0.5'",
    ]
    assert "a new conversation" in capsys.readouterr().err


def test_mistakes_are_said_and_cost_nothing(
    prompt: Prompt, talker: Talker, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown command with the nearest one, a wrong value, a missing file."""
    talk(prompt, "chat m", ENTER, "/udno", ENTER, "/set temperature x", ENTER, "/save", ENTER, "hi", ENTER)
    said = capsys.readouterr().err
    assert "did you mean /undo?" in said
    assert "not a number" in said
    assert "/save wants a file" in said
    assert prompt.sent[1:] == ["chat m 'hi'"]


def test_help_lists_the_commands(prompt: Prompt, talker: Talker, capsys: pytest.CaptureFixture[str]) -> None:
    """And what a line means."""
    talk(prompt, "chat m", ENTER, "/help", ENTER)
    said = capsys.readouterr().err
    assert all(f"/{name}" in said for name in ("new", "undo", "again", "system", "set", "save", "exit"))


def test_kernel_that_dies_is_said_and_the_prompt_stays(
    prompt: Prompt, talker: Talker, capsys: pytest.CaptureFixture[str]
) -> None:
    """The next line goes to the next kernel."""
    talker.dies.append("crash")
    talk(prompt, "chat m", ENTER, "crash", ENTER, "hello", ENTER)
    assert prompt.sent[1:] == ["chat m 'crash'", "chat m 'hello'"]
    assert "killed" in capsys.readouterr().err


def test_its_history_is_its_own_and_private(prompt: Prompt, talker: Talker) -> None:
    """Nothing said to a model is in the prompt's; what begins with a space, or is a secret, in none."""
    prompt.type("chat m", ENTER, "hello there", ENTER, " hidden", ENTER, "my password=hunter2", ENTER, CTRL_D)
    file = prompt._home.texts_to_models("chat")
    assert "+hello there" in file.read_text()
    assert "hidden" not in file.read_text()
    assert "hunter2" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "hello there" not in prompt._home.history.read_text()


def test_predictions_ask_for_what_each_line_lacks(prompt: Prompt, capsys: pytest.CaptureFixture[str]) -> None:
    """A context is asked for once, and may be set anew."""
    prompt.supervisor.action = Talker("predict", "question-answering", ("--context",))
    talk(
        prompt,
        "predict m",
        ENTER,
        "Ada wrote.",
        ENTER,
        "Who?",
        ENTER,
        "/set context Bob wrote.",
        ENTER,
        "Who?",
        ENTER,
    )
    assert prompt.sent[1:] == [
        "predict m 'Who?' --context='Ada wrote.'",
        "predict m 'Who?' --context='Bob wrote.'",
    ]


def test_leaving_while_asked_leaves(prompt: Prompt) -> None:
    """Ctrl-D there goes back to the prompt."""
    prompt.supervisor.action = Talker("predict", "question-answering", ("--context",))
    prompt.type("predict m", ENTER, CTRL_D, "models", ENTER)
    assert prompt.sent == ["predict m", "models"]


def test_only_a_single_line_of_the_prompt_may_open_one(prompt: Prompt, talker: Talker) -> None:
    """Not one of several, and not one whose output goes to a program."""
    talk(prompt, f"{ESCAPE}[200~chat m\nchat m{ESCAPE}[201~", ENTER, "chat m | cat", ENTER, "chat m", ENTER)
    assert [request.interactive for request in prompt.supervisor.requests] == [False, False, True]


def test_kernel_says_no_to_what_is_no_model(prompt: Prompt, capsys: pytest.CaptureFixture[str]) -> None:
    """Then nothing opens."""

    def refuse(request: RunRequest, watch: Watch) -> int:
        started = CommandStarted("chat", None, request.text, request.file, 1)
        watch(CommandFinished(started, 0.1, error=UsageError("nothing is called m")))
        return 2

    prompt.supervisor.action = refuse
    prompt.type("chat m", ENTER, "hello", ENTER)
    assert len(prompt.sent) == 1
    assert "nothing is called m" in capsys.readouterr().err
