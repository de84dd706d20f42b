"""The prompt, with keys from a pipe: what they do to the line, and where the line goes."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.document import Document

from hfshell.errors import KernelDied, UsageError
from hfshell.home import find_home
from hfshell.shell.application import _is_incomplete
from hfshell.shell.arguments import parse_arguments
from hfshell.shell.first_keys import painter, reads_on
from hfshell.shell.late_imports import LATE_IMPORTS
from hfshell.shell.prompt import run_prompt
from hfshell.shell.prompt_lexer import Known, PromptLexer
from tests.shell.typing_person import CTRL_C, CTRL_D, ENTER, ESCAPE, F1, TAB, UP, Prompt, press_when

if TYPE_CHECKING:
    from prompt_toolkit.input import PipeInput


def test_a_line_goes_to_the_kernel(prompt: Prompt, capsys: pytest.CaptureFixture[str]) -> None:
    """Enter runs the line; its result is shown; Ctrl-D leaves with 0."""
    assert prompt.type("models", ENTER) == 0
    assert prompt.sent == ["models"]
    assert "ran models" in capsys.readouterr().out
    assert prompt.supervisor.requests[0].file == "<prompt>"
    assert prompt.supervisor.requests[0].parameters is None


def test_exit_leaves_with_its_code(prompt: Prompt) -> None:
    """`exit 3` is an exit code of one's own."""
    prompt.keyboard.send_text("exit 3" + ENTER)
    assert prompt.run() == 3


def test_ctrl_c_clears_the_line(prompt: Prompt) -> None:
    """What stood there never runs, and the prompt goes on."""
    prompt.type("unload --all", CTRL_C, "models", ENTER)
    assert prompt.sent == ["models"]


def test_an_incomplete_line_goes_on(prompt: Prompt) -> None:
    """Enter inside a quote, a heredoc or behind a backslash begins another line."""
    prompt.type("predict r <<END", ENTER, "my card", ENTER, "END", ENTER, "echo a \\", ENTER, "b", ENTER)
    assert prompt.sent == ["predict r <<END\nmy card\nEND", "echo a \\\nb"]


def test_a_paste_of_several_lines_is_one_text(prompt: Prompt) -> None:
    """Bracketed paste does not run line by line."""
    prompt.type(f"{ESCAPE}[200~models\nset{ESCAPE}[201~", ENTER)
    assert prompt.sent == ["models\nset"]


def test_tab_completes_a_command(prompt: Prompt) -> None:
    """One Tab finishes what has one end only."""
    completed = press_when(
        prompt, lambda: prompt.session.default_buffer.text == "finetune ", "b d" + ENTER + CTRL_D
    )
    prompt.keyboard.send_text("finet" + TAB)
    assert prompt.run() == 0
    completed.join()
    assert prompt.sent == ["finetune b d"]


def test_up_brings_lines_with_the_same_beginning(prompt: Prompt) -> None:
    """The arrow pages through what begins like the line."""
    for line in ("models", "seed = load x", "models # again"):
        prompt.session.history.append_string(line)
    loaded = press_when(prompt, lambda: prompt.session.default_buffer.text == "se", UP + ENTER + CTRL_D)
    prompt.keyboard.send_text("se")
    prompt.run()
    loaded.join()
    assert prompt.sent == ["seed = load x"]


def test_a_typo_costs_nothing(prompt: Prompt, capsys: pytest.CaptureFixture[str]) -> None:
    """Mistakes are said here with a caret, and the prompt goes on."""
    assert prompt.type("fintune base", ENTER, "echo 'a", CTRL_C, "models ;", ENTER, "models", ENTER) == 0
    said = capsys.readouterr().err
    assert "did you mean finetune" in said
    assert "reserved" in said
    assert prompt.sent == ["models"]


def test_local_commands_never_reach_the_kernel(prompt: Prompt, capsys: pytest.CaptureFixture[str]) -> None:
    """Help, history, plugins and the kernel's state are answered here."""
    prompt.type(
        "help finetune", ENTER, "history", ENTER, "plugins", ENTER, "kernel", ENTER, "finetune?", ENTER
    )
    shown = capsys.readouterr().out
    assert prompt.sent == []
    assert shown.count("Train a copy of a model") == 2
    assert "help finetune" in shown
    assert "text-classification" in shown


def test_kernel_restart(prompt: Prompt) -> None:
    """`kernel restart` is the supervisor's work."""
    prompt.type("kernel restart", ENTER)
    assert prompt.supervisor.restarted == 1


def test_a_bound_name_is_shown(prompt: Prompt) -> None:
    """A name alone shows what it holds, once the kernel has said that it is bound."""
    known = press_when(prompt, lambda: bool(prompt.kernel.names), "ev" + ENTER + CTRL_D)
    prompt.run()
    known.join()
    assert prompt.sent == ["show ev"]


def test_the_systems_shell(prompt: Prompt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`!command` runs outside; `| command` reads what a line shows."""
    monkeypatch.chdir(tmp_path)
    prompt.type("!echo out > a.txt", ENTER, "models | cat > b.txt", ENTER)
    assert (tmp_path / "a.txt").read_text() == "out\n"
    assert (tmp_path / "b.txt").read_text().strip() == "ran models"


def test_f1_explains_and_keeps_the_line(prompt: Prompt, capsys: pytest.CaptureFixture[str]) -> None:
    """Help in the middle of a line does not cost the line."""
    prompt.type("models ", F1, "# more", ENTER)
    assert "List the session's models" in capsys.readouterr().out
    assert prompt.sent == ["models # more"]


def test_a_kernel_that_died_while_idle_is_said(prompt: Prompt, capsys: pytest.CaptureFixture[str]) -> None:
    """Its end is told, and the prompt survives it."""
    prompt.supervisor.death = KernelDied("the kernel was killed (SIGKILL)")
    told = press_when(
        prompt,
        lambda: prompt.supervisor.death is None and prompt.kernel.status is not None,
        "models" + ENTER + CTRL_D,
    )
    assert prompt.run() == 0
    told.join()
    assert "the kernel was killed" in capsys.readouterr().err
    assert prompt.sent == ["models"]


def test_a_kernel_that_dies_under_a_line(prompt: Prompt, capsys: pytest.CaptureFixture[str]) -> None:
    """A command that kills the kernel costs itself alone."""

    def die(*_: object) -> int:
        raise KernelDied("the kernel crashed (SIGSEGV)")

    prompt.supervisor.action = die
    assert prompt.type("models", ENTER, "help", ENTER) == 0
    captured = capsys.readouterr()
    assert "SIGSEGV" in captured.err
    assert "finetune" in captured.out


def test_a_ctrl_c_too_many_is_survived(prompt: Prompt, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who presses once more than needed hits the moment between two prompts; the shell stays."""
    show = prompt._show_notices

    def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)
        show()

    monkeypatch.setattr(prompt, "_show_notices", interrupted)
    assert prompt.type("models", ENTER) == 0
    assert prompt.sent == ["models"]


def test_a_local_command_can_be_interrupted(prompt: Prompt, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C breaks off what runs in the shell itself."""
    prompt.supervisor.restart = lambda: signal.raise_signal(signal.SIGINT)  # type: ignore[method-assign]
    assert prompt.type("kernel restart", ENTER, "models", ENTER) == 0
    assert "interrupted" in capsys.readouterr().err
    assert prompt.sent == ["models"]


@pytest.mark.parametrize("option", ["--json", "--keep-going"])
def test_options_of_scripts_are_refused(option: str) -> None:
    """An option that would do nothing here is not taken in silence."""
    with pytest.raises(UsageError):
        run_prompt(parse_arguments([option]))


def test_leaving_ends_the_kernel_and_cleans_up(keyboard: PipeInput) -> None:
    """Nothing of a session stays but its history."""
    home = find_home()
    prompt = Prompt(keyboard, home, parse_arguments([]))
    prompt.type("models", ENTER)
    prompt.close()
    assert prompt.supervisor.stopped
    assert "models" in home.history.read_text()
    assert list(home.state.glob("kernels/*")) == []


def test_the_first_prompt_waits_for_nothing(prompt: Prompt) -> None:
    """The kernel is started only once the prompt stands."""
    assert prompt.supervisor.connected == 0
    prompt.type("models", ENTER)
    assert prompt.supervisor.connected > 0


HEAVY = ("torch", "transformers", "accelerate", "datasets", "numpy", "pyarrow", "sklearn", "scipy", "pandas")
BEFORE_THE_FIRST_PROMPT = (
    "rich",
    "msgspec",
    "click",
    "pluggy",
    "hfshell.api",
    "hfshell.plugin_host",
)


A_SHELL = """
from prompt_toolkit.document import Document
from prompt_toolkit.input import DummyInput
from prompt_toolkit.output import DummyOutput
from hfshell.home import find_home
from hfshell.shell.arguments import parse_arguments
from hfshell.shell.prompt import PromptShell
shell = PromptShell(parse_arguments([]), find_home(), terminal=DummyInput(), output=DummyOutput())
"""


def modules_of(code: str) -> set[str]:
    """The modules that a fresh process holds after some code."""
    report = f"{code}\nimport sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", report], stdout=subprocess.PIPE, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_what_the_first_prompt_imports() -> None:
    """The prompt is up before anything that only Enter or Tab needs is imported."""
    held = modules_of(A_SHELL)
    assert not held & {*HEAVY, *BEFORE_THE_FIRST_PROMPT}


def test_local_commands_and_completion_stay_light() -> None:
    """Nothing that the shell does by itself brings torch into its process."""
    code = A_SHELL + (
        "for line in ('help', 'help finetune', 'plugins', 'history', 'kernel', 'check missing.hfsh'):\n"
        "    shell.dispatcher.enter(line)\n"
        "for text in ('', 'load ', 'finetune base ', 'finetune base d --', 'show '):\n"
        "    assert list(shell.completer.get_completions(Document(text), None)) or text == 'show '\n"
        "shell.close()"
    )
    assert not modules_of(code) & set(HEAVY)


def test_what_is_imported_beside_the_prompt_is_in_nobodys_way() -> None:
    """Packages that bring their modules along can be refused to two threads at once: these take turns."""
    code = A_SHELL + (
        "import sys, threading\n"
        "from hfshell.shell.late_imports import LATE_IMPORTS\n"
        "class Imports:\n"
        "    waited, at_once = set(), set()\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.startswith(('hfshell.api', 'hfshell.language', 'hfshell.settings')):\n"
        "            (self.waited if LATE_IMPORTS._is_owned() else self.at_once).add(name)\n"
        "sys.meta_path.insert(0, Imports())\n"
        "shell.prompt._around.is_open('echo')\n"
        "with LATE_IMPORTS:\n"
        "    shell._begin()\n"
        "    shell.session.lexer.lex_document(Document('echo'))\n"
        "[thread.join() for thread in threading.enumerate() if thread.name == 'warm-up']\n"
        "shell.dispatcher\n"
        "shell.close()\n"
        "assert {'hfshell.api', 'hfshell.language'} <= Imports.waited\n"
        "assert not Imports.at_once, Imports.at_once"
    )
    modules_of(code)


def test_a_key_does_not_wait_for_what_tab_and_enter_need() -> None:
    """Once the language is there, keys are coloured while others still import."""
    reads_on(), painter()
    seen: list[object] = []

    def press() -> None:
        seen.append(PromptLexer(lambda: Known(("echo",))).lex_document(Document("echo 'a"))(0))
        seen.append(_is_incomplete("echo 'a"))

    with LATE_IMPORTS:
        key = threading.Thread(target=press)
        key.start()
        key.join(10)
        assert len(seen) == 2
    assert seen[1] is True
