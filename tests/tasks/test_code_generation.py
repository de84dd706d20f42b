"""Code generation: what is asked, what of an answer is code, what is learnt, and pass@k."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hfshell.api import (
    CancelToken,
    DataError,
    Event,
    Generated,
    Graded,
    Guard,
    LoadedModel,
    ModelView,
    Note,
    PredictionResult,
    Refused,
    Row,
    UsageError,
)
from hfshell.render.error import render_error
from hfshell.render.guards import render_guard
from hfshell.render.look import Look
from hfshell_tasks.code_generation.options import EvalOptions, PredictOptions
from hfshell_tasks.code_generation.pass_at_k import measured, pass_at_k
from hfshell_tasks.code_generation.programs import asked, asked_in_chat, checks_of, code_in, program
from hfshell_tasks.code_generation.render import show
from hfshell_tasks.code_generation.task import CodeGeneration
from tests.compute.writers import made
from tests.render.screens import terminal

ADD_CODE = "def add(a, b):\n    return a + b"
TWICE_BEGUN = "def twice(x):\n    '''Return two of it.'''\n"
TWICE_CODE = "    return x + x\n"
ADD: Row = {
    "prompt": "Write a function add.",
    "code": ADD_CODE,
    "tests": ("assert add(1, 2) == 3", "assert add(0, 0) == 0"),
}
TWICE: Row = {
    "prompt": TWICE_BEGUN,
    "code": TWICE_CODE,
    "tests": ("def check(candidate):\n    assert candidate(2) == 4\n",),
    "entry_point": "twice",
}


@pytest.fixture
def task() -> CodeGeneration:
    found = CodeGeneration()
    found.name, found.target_role = "code-generation", "code"
    return found


@pytest.fixture
def model(task: CodeGeneration, tmp_path: Path) -> LoadedModel:
    found = made(task, tmp_path / "m")
    found.processor.chat_template = None
    return found


class Surroundings:
    """A context whose engine writes what it is told: in turn one text for each row."""

    seed = 42

    def __init__(self, *texts: str, allowed: tuple[str, ...] = ()) -> None:
        self.texts = itertools.cycle(texts)
        self.allowed = allowed
        self.cancelled = CancelToken()
        self.guards: list[Guard] = []
        self.events: list[Event] = []
        self.engine = self
        self.command = EvalOptions()

    def generate(self, _task: Any, _model: Any, rows: Iterable[Row], *_: Any) -> Iterator[dict[str, str]]:
        return ({"generated_text": next(self.texts), "finish_reason": "stop"} for _ in rows)

    def guard(self, guard: Guard) -> None:
        if guard.severity == "refuse" and guard.name not in self.allowed:
            raise Refused(guard.name, guard.message, hint=guard.hint)
        self.guards.append(guard)

    def emit(self, event: Event) -> None:
        self.events.append(event)


def evaluated(rows: list[Row], context: Surroundings, **options: Any) -> dict[str, float | None]:
    """Measure, and return the numbers by name."""
    found = CodeGeneration().eval(None, rows, EvalOptions(**options), context)  # type: ignore[arg-type]
    return {metric.name: metric.value for metric in found}


def test_programs_that_fail_are_told_apart_and_why() -> None:
    """Each row has the share of its programs that pass, and says how the first of them ended."""
    context: Any = Surroundings(ADD_CODE, "    return x\n", "def add(a, b)")
    graded = CodeGeneration().eval(None, [ADD, TWICE, ADD], EvalOptions(run_code=True), context)  # type: ignore[arg-type]
    assert isinstance(graded, Graded)
    assert (graded.grades, graded.best) == ([1.0, 0.0, 0.0], 1.0)
    assert graded.answers[0] == "passed"
    assert graded.answers[1].startswith("failed a test: AssertionError")
    assert graded.answers[2].startswith("is no Python: SyntaxError")


def test_reference_solutions_pass() -> None:
    """With the right programs pass@1 is 1, with wrong ones 0: both kinds of rows are put together right."""
    right = Surroundings(ADD_CODE, TWICE_CODE)
    assert evaluated([ADD, TWICE], right, run_code=True) == {"pass_at_1": 1.0}
    wrong = Surroundings("def add(a, b):\n    return a", "    return x\n")
    assert evaluated([ADD, TWICE], wrong, run_code=True) == {"pass_at_1": 0.0}


def test_nothing_is_run_unless_told() -> None:
    """Without `--run-code` it is refused, before a model wrote anything; with it that stays in the result."""
    context = Surroundings()
    with pytest.raises(Refused) as refused:
        evaluated([ADD], context)
    assert (refused.value.guard, refused.value.exit_code) == ("run-code", 4)
    context = Surroundings(ADD_CODE)
    evaluated([ADD], context, run_code=True)
    assert [(guard.name, guard.severity) for guard in context.guards] == [("run-code", "danger")]


def test_what_is_allowed_elsewhere_runs_nothing() -> None:
    """`--allow run-code` is no `--run-code`: nothing is run by a guard that was opened."""
    with pytest.raises(Refused, match="in no sandbox"):
        evaluated([ADD], Surroundings(ADD_CODE, allowed=("run-code",)))


def test_several_samples_of_a_row() -> None:
    """Each row has as many programs, and its own; how they ended is said."""
    good, bad = ADD_CODE, "def add(a, b):\n    return 0"
    context = Surroundings(good, bad, bad, "def add(")
    options = {"run_code": True, "samples": 2, "k": 2, "temperature": 0.5}
    assert evaluated([ADD, ADD], context, **options) == {"pass_at_1": 0.25, "pass_at_2": 0.5}
    notes = [event.text for event in context.events if isinstance(event, Note)]
    assert notes[0] == "of 4 programs 1 passed, 2 failed a test, 1 were no Python"


def test_rows_without_tests_are_refused() -> None:
    """A program that has nothing to pass is not counted as one that passed."""
    with pytest.raises(DataError, match="has no tests"):
        evaluated([{**ADD, "tests": ()}], Surroundings(ADD_CODE), run_code=True)


@pytest.mark.parametrize("options", [{"k": 2}, {"samples": 2, "k": 3, "temperature": 1.0}, {"samples": 2}])
def test_what_cannot_be_measured_is_refused(options: dict[str, Any]) -> None:
    """Fewer programs than k, and programs that would all be the same, measure nothing."""
    with pytest.raises(UsageError):
        EvalOptions(**options)


@pytest.mark.parametrize(("samples", "passed", "k"), [(5, 2, 1), (5, 2, 3), (6, 0, 2), (4, 4, 2), (5, 3, 3)])
def test_estimator_is_the_share_of_choices(samples: int, passed: int, k: int) -> None:
    """pass@k is the share of all ways to choose k programs in which one passes."""
    choices = list(itertools.combinations([True] * passed + [False] * (samples - passed), k))
    assert pass_at_k(samples, passed, k) == pytest.approx(sum(map(any, choices)) / len(choices))


def test_intervals() -> None:
    """Of one program a row it is Wilson's, which 0 of 4 has too; of several, rows are drawn anew."""
    none = measured([0, 0, 0, 0], 1, 1, "", seed=1)
    assert none.value == 0.0
    assert (none.low, none.high) == pytest.approx((0.0, 0.489891), abs=1e-5)
    several = measured([0, 1, 2, 3] * 10, 3, 2, "s", seed=1)
    assert several.low is not None
    assert several.high is not None
    assert several.low < (several.value or 0) < several.high
    assert measured([0, 1, 2, 3] * 10, 3, 2, "s", seed=1) == several


def test_what_is_asked() -> None:
    """A task and its tests are a docstring that nothing in them ends; a begun function stays as it is."""
    assert asked(ADD).startswith('"""\nWrite a function add.\nassert add(1, 2) == 3\n')
    assert asked({"prompt": 'Say """hi"""'}).count('"""') == 2
    assert asked(TWICE) == TWICE_BEGUN
    assert TWICE_BEGUN in asked_in_chat(TWICE)
    assert "assert add(1, 2) == 3" in asked_in_chat(ADD)
    with pytest.raises(DataError):
        asked({"code": "x"})


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Here it is:\n\n```python\ndef add():\n    pass\n```\nIt adds.", "def add():\n    pass"),
        ("```\nx = 1\n```", "x = 1"),
        ("```python\nx = 1", "x = 1"),
        ("def add():\n    pass\n\nassert add() is None\n", "def add():\n    pass\n"),
        ("def add():\n    pass\n```\nand so on", "def add():\n    pass"),
        ("def one():\n    pass\n\ndef add():\n    pass", "def one():\n    pass\n\ndef add():\n    pass"),
    ],
)
def test_code_in_an_answer(written: str, code: str) -> None:
    """A fenced block is taken out of what is said around it; a bare program ends where its tests begin."""
    assert code_in(written, ADD, ("\nassert ", "\n```")) == code


def test_function_that_is_gone_on_with_ends_before_the_next() -> None:
    """What follows on a begun function is not part of it."""
    assert code_in("    return x + x\n\ndef other():\n    pass", TWICE) == "    return x + x\n"


def test_program_and_its_tests() -> None:
    """The beginning stands there once; a `check` is called with the function that it is for."""
    assert program(TWICE_CODE, TWICE).count("def twice") == 1
    assert program("def twice(x):\n    return 2 * x", TWICE).count("def twice") == 1
    assert program("x", {**ADD, "setup": "import math"}).startswith("import math\n")
    assert checks_of(TWICE)[-1] == "check(twice)"
    assert checks_of({**ADD, "entry_point": "add"}) == list(ADD["tests"])


def test_only_the_program_is_learnt(task: CodeGeneration, model: LoadedModel) -> None:
    """The prompt is read and costs nothing; the program and its end are learnt."""
    words = model.processor
    view = ModelView(words, options=PredictOptions())
    row: Row = {"prompt": "my card ", "code": "where is", "entry_point": "f"}
    feature: Any = next(iter(task.encode([row], view)))
    assert words.convert_ids_to_tokens(feature["input_ids"]) == [
        "[CLS]",
        "my",
        "card",
        "where",
        "is",
        "[SEP]",
    ]
    learnt = words.convert_ids_to_tokens([label for label in feature["labels"] if label != -100])
    assert learnt == ["where", "is", "[SEP]"]
    prompt = next(iter(task.encode([{**row, "code": None}], view)))
    assert "labels" not in prompt


def test_stop_words(task: CodeGeneration, model: LoadedModel) -> None:
    """The usual ends of a program end the writing unless others are given; a chat model ends itself."""
    usual = ModelView(model.processor, options=PredictOptions())
    assert "\nassert " in task.generation(usual.options, usual)["stop_strings"]
    own = ModelView(model.processor, options=PredictOptions(stop=("END",)))
    assert task.generation(own.options, own)["stop_strings"] == ["END"]
    model.processor.chat_template = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
    assert "stop_strings" not in task.generation(usual.options, usual)


def test_what_was_cut_says_so(task: CodeGeneration, model: LoadedModel) -> None:
    """A program that ends before the limit is whole, though the model wrote on to it."""
    view = ModelView(model.processor, options=PredictOptions())
    texts = ("def add():\n    pa", "def add():\n    pass\nassert 1")
    written = [Generated(text, (1,), "length") for text in texts]
    found = list(task.decode(written, [ADD, ADD], view))
    assert [item["finish_reason"] for item in found] == ["length", "stop"]


def test_view_shows_programs_and_falls_back() -> None:
    """A program's indentation stays; what is none is shown the usual way."""
    row = {"generated_text": "def f():\n    pass", "finish_reason": "length"}
    result = PredictionResult(model="m", task="code-generation", rows=(row,), inputs=("do it",), seconds=1.0)
    shown = repr(show(result))
    assert "\\xa0\\xa0\\xa0\\xa0pass" in shown
    assert "[cut]" in shown
    other = PredictionResult(
        model="m", task="code-generation", rows=({"label": 1},), inputs=("a",), seconds=1.0
    )
    assert show(other) is None


def test_that_programs_ran_stands_in_red() -> None:
    """Whoever reads nothing else sees it; as JSON it is the guard alone."""
    with pytest.raises(Refused) as refused:
        evaluated([ADD], Surroundings(ADD_CODE))
    context = Surroundings(ADD_CODE)
    evaluated([ADD], context, run_code=True)
    console = terminal()
    drawn = {
        "refused": render_error(refused.value, width=80),
        "danger": render_guard(context.guards[0], Look(80)),
    }
    for word, style in (("refused", "refused"), ("danger", "error")):
        head = next(segment for segment in console.render(drawn[word]) if segment.text.strip() == word)
        assert head.style is not None
        assert head.style == console.get_style(style)
