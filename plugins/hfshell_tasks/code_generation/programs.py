"""Texts around programs: what a model is asked, what of its answer is code, and what is run at last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hfshell.api import DataError

if TYPE_CHECKING:
    from hfshell.api import Row

_FENCED = re.compile(r"```[ \t]*[\w+-]*[ \t]*\r?\n(.*?)(?:\n[ \t]*```|\Z)", re.DOTALL)
STOPS = ("\nclass ", "\nassert ", "\nprint(", "\nif __name__", '\n"""', "\n'''", "\n```")
"""What begins behind a finished program."""

_NEXT = ("\ndef ", "\nasync def ", "\n@", "\n# ")
"""What begins behind a function that was gone on with."""


def asked(row: Row) -> str:
    """Return what a causal model goes on with: the task, and its tests, as a module's docstring.

    With an `entry_point` the prompt is the beginning of the program itself, and stays as it is.

    Raises:
        DataError: the prompt is no text.
    """
    prompt = row.get("prompt")
    if not isinstance(prompt, str):
        raise DataError(f"a row has no prompt: {dict(row)!r:.80}")
    if row.get("entry_point"):
        return prompt
    tests = "".join(f"\n{test}" for test in row.get("tests") or ())
    inside = f"{prompt}{tests}".replace('"""', "'''")
    return f'"""\n{inside}\n"""\n'


def asked_in_chat(row: Row) -> str:
    """Return what a chat model is asked.

    Raises:
        DataError: as `asked` does.
    """
    if row.get("entry_point"):
        return f"Complete this Python function:\n\n```python\n{asked(row)}\n```"
    tests = "\n".join(row.get("tests") or ())
    told = f"\n\nYour code should pass these tests:\n\n{tests}" if tests else ""
    return f"{row.get('prompt')}{told}\n\nAnswer with a block of Python code."


def code_in(text: str, row: Row, stops: Sequence[str] = ()) -> str:
    """Return the program in what a model wrote: the first fenced block, or all of it, up to a stop word."""
    fenced = _FENCED.search(text)
    if fenced and not text[: fenced.start()].strip().startswith(("def ", "import ", "from ", "class ")):
        return fenced[1]
    ends = (*stops, *(_NEXT if row.get("entry_point") else ()))
    places = [place for stop in ends if (place := text.find(stop)) >= 0]
    return text[: min(places)] if places else text


def program(code: str, row: Row) -> str:
    """Return what is run before the tests: the setup, the beginning that the code goes on with, the code."""
    name = row.get("entry_point")
    goes_on = name and not re.search(rf"^\s*def {re.escape(name)}\b", code, re.MULTILINE)
    return f"{row.get('setup') or ''}\n{row['prompt'] if goes_on else ''}{code}\n"


def checks_of(row: Row) -> list[str]:
    """Return what is run behind a program. Tests with an entry point define `check`, which is called with it.

    Raises:
        DataError: the row has no tests.
    """
    tests: list[Any] = list(row.get("tests") or ())
    if not tests:
        raise DataError(
            f"a row has no tests: {str(row.get('prompt'))!r:.60}",
            hint="a column `tests`, or `--map tests=COLUMN`, says what its program has to pass",
        )
    name = row.get("entry_point")
    return [*tests, f"check({name})"] if name and not _calls(tests, name) else tests


def _calls(tests: Sequence[str], name: str) -> bool:
    """Whether tests stand alone: each is an assertion, or `check` is called already."""
    return any(re.search(rf"^(assert\b|check\({re.escape(name)}\))", test, re.MULTILINE) for test in tests)
