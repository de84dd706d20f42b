"""What a key costs: completion, colours and ghost text, beside prompt_toolkit's own parts and IPython.

A line is typed key by key, with 100,000 lines of history and 10,000 candidates at each place. The contenders
take turns at each key, in a shuffled order, so that a busy machine slows all of them alike. What counts is
the time that the answering thread has the processor: what a key costs where nobody else wants it.

IPython is looked for in `--tools FOLDER`, the folder of programs of an environment of its own::

    python -m venv tools && tools/bin/pip install ipython
    python benchmarks/completion.py --tools tools/bin
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, FuzzyCompleter, WordCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.search import SearchDirection, SearchState

from hfshell.api.requests import NameInfo
from hfshell.commands.table import CommandTable
from hfshell.home import locate_home
from hfshell.plugin_host import PluginHost
from hfshell.shell.completion.candidates import Candidates
from hfshell.shell.completion.completer import PromptCompleter
from hfshell.shell.completion.use import PastUse
from hfshell.shell.highlighting import highlighted
from hfshell.shell.history import PromptHistory
from hfshell.shell.history_search import search_quickly
from hfshell.shell.prompt_lexer import Known
from hfshell.shell.suggestion import SuggestPastLine

LINE = "out = predict model_05 data_0512.test --top-k 3 --allow lab"
TYPING = CompleteEvent(text_inserted=True)
GOAL_MS = 30.0

Key = Callable[[str], object]


IPYTHON = """
import random, sys, time
from IPython.core.completer import IPCompleter, provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory

lines, count = int(sys.argv[1]), int(sys.argv[2])
shell = InteractiveShell.instance()
shell.user_ns.update({f"{kind}_{i:04}": i for kind in ("model", "data") for i in range(count // 2)})
shell.user_ns["predict"] = print
history = InMemoryHistory()
history._loaded_strings = [f"predict(model_{i % 5000:04}, limit={i})" for i in range(lines)]
history._loaded = True
buffer, suggest = Buffer(history=history), AutoSuggestFromHistory()
for text in sys.stdin:
    text = text.rstrip("\\n").replace("predict ", "predict(").replace(" data", ", data").replace(" --", ", ")
    began = time.thread_time()
    with provisionalcompleter():
        found = list(shell.Completer.completions(text, len(text)))
    suggest.get_suggestion(buffer, Document(text))
    print(time.thread_time() - began, flush=True)
"""


@dataclass
class Contender:
    """Somebody who answers keys.

    Attributes:
        name: who.
        answer: does what a key asks for, given the text up to the cursor.
        seconds: what each key took.
    """

    name: str
    answer: Key
    seconds: list[float]

    def press(self, text: str) -> None:
        """Time one key; who answers from another process says itself what it took."""
        began = time.thread_time()
        told = self.answer(text)
        took = time.thread_time() - began
        self.seconds.append(told if isinstance(told, float) else took)


def past_lines(count: int) -> list[str]:
    """Make a history, the oldest first."""
    chosen = random.Random(1)
    return [
        f"{chosen.choice(('eval', 'predict', 'finetune', 'show'))} model_{chosen.randrange(5000):04} "
        f"data_{chosen.randrange(5000):04}.test --limit {number}"
        for number in range(count)
    ]


def bound_names(count: int) -> tuple[NameInfo, ...]:
    """Make as many names, half of them models."""
    models = (
        NameInfo(f"model_{i:04}", "model", "BertModel", parameters=i, bytes=i) for i in range(count // 2)
    )
    data = (
        NameInfo(f"data_{i:04}", "data", splits=("train", "validation", "test"), rows=i)
        for i in range(count // 2)
    )
    return (*models, *data)


def main() -> None:
    """Measure, and print a table and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000, help="lines of history")
    parser.add_argument(
        "--candidates", type=int, default=10_000, help="names, files and words to choose from"
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often the line is typed")
    parser.add_argument("--tools", type=Path, default=Path(sys.executable).parent, help="folder of ipython")
    options = parser.parse_args()
    tools = options.tools.absolute()
    with tempfile.TemporaryDirectory() as home:
        os.environ["HFSHELL_HOME"] = home
        os.chdir(home)
        for number in range(options.candidates):
            Path(home, f"file_{number:05}.csv").touch()
        compare(Path(home), options.lines, options.candidates, options.rounds, tools)


def compare(home: Path, lines: int, count: int, rounds: int, tools: Path) -> None:
    """Let the contenders answer the same keys, and print what it took them."""
    past = past_lines(lines)
    history = stored(home / "history", past)
    names = bound_names(count)
    contenders = {
        "keys": [ours(history, names), stock(past, names), *ipython(tools, lines, count)],
        "a folder of files": [our_files(names), stock_files(home)],
        "ghost text, no match": [our_ghost(history), stock_ghost(past)],
        "Ctrl-R, no match": [our_search(history), stock_search(past)],
    }
    texts = {
        "keys": [LINE[:end] for end in range(1, len(LINE) + 1)],
        "a folder of files": [f"data file_0{end}" for end in range(10)] + ["data le_07", "data f99"],
        "ghost text, no match": [f"finetune nobody typed thi{end}" for end in range(12)],
        "Ctrl-R, no match": [f"nobody{end}" for end in range(2)],
    }
    for what, group in contenders.items():
        press(texts[what], group, rounds)
        report(what, group)


def press(texts: Sequence[str], group: Sequence[Contender], rounds: int) -> None:
    """Press each key in each round; the first round only warms up."""
    for number in range(rounds + 1):
        for text in texts:
            for contender in random.sample(group, len(group)):
                contender.press(text)
        if number == 0:
            for contender in group:
                contender.seconds.clear()


def report(what: str, group: Sequence[Contender]) -> None:
    """Print the median and the 95th percentile of each, and how many times ours the others take."""
    first = statistics.median(group[0].seconds)
    print(f"\n{what}")
    for contender in group:
        milliseconds = [1000 * value for value in contender.seconds]
        middle, high = statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]
        ratio = "" if contender is group[0] else f"   {middle / 1000 / first:.1f}x"
        print(f"  p50 {middle:8.2f} ms   p95 {high:8.2f} ms   {contender.name}{ratio}")
    worst = statistics.quantiles(group[0].seconds, n=20)[-1] * 1000
    print(f"  hfshell's p95 is {worst:.1f} ms (goal: under {GOAL_MS:.0f})")


def stored(path: Path, lines: Sequence[str]) -> PromptHistory:
    """Return a history file with these lines, read as the prompt reads it."""
    path.write_text("".join(f"\n# 2026-01-01 00:00:00\n+{line}\n" for line in lines))
    history = PromptHistory(path, print)

    async def load() -> int:
        return len([line async for line in history.load()])

    began = time.perf_counter()
    loaded = asyncio.run(load())
    print(
        f"{loaded:,} lines of history read in {1000 * (time.perf_counter() - began):.0f} ms, beside the keys"
    )
    return history


def completer_of(names: tuple[NameInfo, ...], use: PastUse | None = None) -> PromptCompleter:
    """Return our completer with these names bound."""
    plugins = PluginHost(third_party=False)
    completer = PromptCompleter(Candidates(CommandTable(plugins), plugins, lambda: names, locate_home()), use)
    completer.warm_up()
    return completer


def ours(history: PromptHistory, names: tuple[NameInfo, ...]) -> Contender:
    """Completion as the menu wants it, colours with unknown words marked, and ghost text."""
    completer = completer_of(names, PastUse(history.newest))
    suggest = SuggestPastLine(lambda: history.past)
    buffer = Buffer()
    commands = CommandTable(PluginHost(third_party=False)).names()

    told = {info.name: info.fields for info in names}

    def answer(text: str) -> object:
        document = Document(text)
        colours = highlighted(text, Known(commands, True, completer.flags, told), len(text))
        found = list(completer.get_completions(document, TYPING))
        return colours, found, suggest.get_suggestion(buffer, document)

    return Contender("hfshell: completion + colours + ghost text", answer, [])


def stock(past: Sequence[str], names: Sequence[NameInfo]) -> Contender:
    """prompt_toolkit's fuzzy completer over the same words, and its ghost text; no colours."""
    completer = FuzzyCompleter(WordCompleter([info.name for info in names]))
    suggest = AutoSuggestFromHistory()
    buffer = Buffer(history=memory(past))

    def answer(text: str) -> object:
        document = Document(text)
        return list(completer.get_completions(document, TYPING)), suggest.get_suggestion(buffer, document)

    return Contender("prompt_toolkit: FuzzyCompleter + AutoSuggestFromHistory", answer, [])


def ipython(tools: Path, lines: int, count: int) -> list[Contender]:
    """IPython's completer over a namespace of the same names, and its ghost text, where it is installed."""
    if not (tools / "ipython").exists():
        print(f"there is no ipython in {tools}: left out")
        return []
    child = subprocess.Popen(
        [tools / "python", "-c", IPYTHON, str(lines), str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    asked, told = child.stdin, child.stdout
    if asked is None or told is None:
        raise RuntimeError("no pipes to IPython")

    def answer(text: str) -> float:
        asked.write(f"{text}\n")
        return float(told.readline())

    return [Contender("IPython: completer + ghost text", answer, [])]


def our_files(names: tuple[NameInfo, ...]) -> Contender:
    """Our completer in a folder of that many files."""
    completer = completer_of(names)
    return Contender("hfshell", lambda text: list(completer.get_completions(Document(text), TYPING)), [])


def stock_files(home: Path) -> Contender:
    """prompt_toolkit's path completer, made fuzzy."""
    from prompt_toolkit.completion import PathCompleter

    completer = FuzzyCompleter(PathCompleter(get_paths=lambda: [str(home)]))

    def answer(text: str) -> object:
        return list(completer.get_completions(Document(text.rpartition(" ")[2]), TYPING))

    return Contender("prompt_toolkit: FuzzyCompleter over PathCompleter", answer, [])


def our_ghost(history: PromptHistory) -> Contender:
    """Our ghost text."""
    suggest, buffer = SuggestPastLine(lambda: history.past), Buffer()
    return Contender("hfshell", lambda text: suggest.get_suggestion(buffer, Document(text)), [])


def stock_ghost(past: Sequence[str]) -> Contender:
    """prompt_toolkit's ghost text."""
    suggest, buffer = AutoSuggestFromHistory(), Buffer(history=memory(past))
    return Contender("prompt_toolkit", lambda text: suggest.get_suggestion(buffer, Document(text)), [])


def our_search(history: PromptHistory) -> Contender:
    """Ctrl-R by way of our history."""
    buffer = loaded(history)
    search_quickly(buffer, lambda: history.past)
    return Contender("hfshell", lambda text: searched(buffer, text), [])


def stock_search(past: Sequence[str]) -> Contender:
    """Ctrl-R as prompt_toolkit does it."""
    buffer = loaded(memory(past))
    return Contender("prompt_toolkit", lambda text: searched(buffer, text), [])


def searched(buffer: Buffer, text: str) -> Document:
    """Do what each key in Ctrl-R does."""
    return buffer.document_for_search(SearchState(text, SearchDirection.BACKWARD))


def memory(past: Sequence[str]) -> InMemoryHistory:
    """Return a history of prompt_toolkit's that is loaded."""
    history = InMemoryHistory()
    history._loaded_strings, history._loaded = list(reversed(past)), True  # noqa: SLF001 - as if it were read
    return history


def loaded(history: InMemoryHistory | PromptHistory) -> Buffer:
    """Return a buffer whose lines are those of a history, as the prompt's own are."""
    buffer = Buffer(history=history)
    lines = buffer._working_lines  # noqa: SLF001 - filled by a running prompt alone
    lines.extendleft(history._loaded_strings)  # noqa: SLF001 - as above
    buffer.working_index = len(lines) - 1
    return buffer


if __name__ == "__main__":
    main()
