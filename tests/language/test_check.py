"""What `check` finds, and what it rightly leaves to the run."""

from __future__ import annotations

import json
from collections.abc import Collection

import pytest

from hfshell.errors import UsageError
from hfshell.language import (
    CommandLine,
    Problem,
    Reading,
    Source,
    WordProblem,
    WordUse,
    check_script,
    parse_script,
)

FILES = {"tickets.csv", "imdb"}
SCRIPTS = {
    "lib/common.hfsh": "param size = 3\nbase = load minilm\n",
    "lib/wants.hfsh": "param name\necho $name\n",
    "lib/broken.hfsh": "x\nload (\n",
    "lib/unknown.hfsh": "\nlaod m\n",
    "lib/self.hfsh": "source self.hfsh\n",
    "lib/ping.hfsh": "source pong.hfsh\n",
    "lib/pong.hfsh": "source ping.hfsh\n",
}


class Words:
    """A small vocabulary: first argument a model, the second data; `--rate NUMBER` the only option."""

    def names(self) -> Collection[str]:
        """Return all commands."""
        return [
            "load",
            "data",
            "finetune",
            "eval",
            "save",
            "unload",
            "let",
            "expect",
            "echo",
            "source",
            "read",
            "require",
        ]

    def read(self, line: CommandLine) -> Reading:
        """Read a line's words."""
        problems = [
            WordProblem(f"there is no option {word.plain}", index, "did you mean --rate?")
            for index, word in enumerate(line.words)
            if word.raw.startswith("--") and not word.raw.startswith("--rate=")
        ]
        if line.command.text == "load" and not line.words:
            problems.append(WordProblem("load wants a model"))
        if line.command.text == "require" and line.words[0].plain == "missing" and not line.ignore_error:
            return Reading([WordProblem("missing is not installed", 0)], package_missing=True)
        uses = [self._use(line.command.text, index, word.plain) for index, word in enumerate(line.words)]
        return Reading(problems, [use for use in uses if use])

    def _use(self, command: str, index: int, text: str | None) -> WordUse | None:
        kinds = {
            "load": ["source"], "finetune": ["source", "source"], "eval": ["source", "source"],
            "unload": ["name"], "save": ["name", "output"], "read": ["file"], "source": ["file"],
            "data": ["file" if text and text.endswith(".csv") else "source"],
        }.get(command, [])  # fmt: skip
        if text is None or text.startswith("--") or index >= len(kinds):
            return None
        return WordUse(index, text, kinds[index])  # type: ignore[arg-type]


def read_source(path: str, sourcing: str) -> Source:
    """Read one of the scripts, beside the file that says it."""
    folder = sourcing.rpartition("/")[0] or "lib"
    file = f"{folder}/{path}"
    if file not in SCRIPTS:
        raise UsageError(f"there is no script {file}")
    return Source(SCRIPTS[file], file)


def problems(
    text: str, given: Collection[str] | None = None, bound: Collection[str] = (), *, reads: bool = True
) -> list[Problem]:
    """Check a script."""
    return check_script(
        parse_script(text, "s.hfsh"),
        Words(),
        exists=FILES.__contains__,
        given_parameters=given,
        bound=bound,
        read_source=read_source if reads else None,
    )


def found(text: str, given: Collection[str] | None = None, bound: Collection[str] = ()) -> list[str]:
    """Return the findings, `LINE:COLUMN message`."""
    return [
        f"{str(problem.place).removeprefix('s.hfsh:')} {problem.message}"
        for problem in problems(text, given, bound)
    ]


def hint(text: str) -> str | None:
    """Return the hint of the one finding."""
    (problem,) = problems(text)
    return problem.hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "base = load minilm\nd = data tickets.csv\nr = finetune base d --rate=1\neval r d.test",
        "eval gpt2 d",
        "x = data imdb\nimdb = data imdb",
        "gpt2 = load gpt2\neval gpt2 squad",
        "eval gpt2 squad\ngpt2 = load gpt2",
        "eval _ d",
        "echo ${env:NOT_SET_ANYWHERE} $_.accuracy",
        "let x = 1\nlet x = 2\necho $x",
        "x = load a\nx = load b\necho $x.parameters",
        "param a\nparam b = $a\necho $a $b",
        "x = load m\nexpect x.parameters >= 1",
        "expect 'x.y' == 1.5",
        "echo hi > out.csv\ndata out.csv",
        "echo hi > ./a/../out.csv\ndata out.csv",
        "r = load m\nsave r folder\nread folder/config.json",
        "let o = out.csv\necho hi > $o\ndata whatever.csv",
        "- data missing.csv\n- echo $x\n- unload x\n- expect x.y == 1\n-source missing.hfsh",
        "source common.hfsh\neval base $size",
        "source common.hfsh size=4",
        "source wants.hfsh name=x",
        "let n = common.hfsh\nsource $n\necho $anything\nread any.txt",
        "eval x d\nx = finetune x d",
        "require here\n- require missing",
    ],
)
def test_nothing_is_wrong(text: str) -> None:
    """What could be right is no finding: a bare word may be a model of the Hub, a file be written by then."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("laod minilm", ["1:1 there is no command laod"]),
        ("x = laod minilm\necho $x", ["1:5 there is no command laod"]),
        ("- laod minilm", ["1:3 there is no command laod"]),
        ("eval m d --rat 3", ["1:10 there is no option --rat"]),
        ("load", ["1:1 load wants a model"]),
        ("echo a$x", ["1:7 nothing is called x"]),
        ("echo '$x' \"$y\"", ["1:12 nothing is called y"]),
        ("x = echo $x", ["1:10 nothing is called x"]),
        ("echo hi > $x", ["1:11 nothing is called x"]),
        ("echo <<E\na\n ${x}\nE", ["3:2 nothing is called x"]),
        ("param a = $b\nparam b", ["1:11 nothing is called b"]),
        ("let lr = 1\necho $lr.csv", ["2:6 lr has no fields"]),
        ("param lr\necho $lr.csv", ["2:6 lr has no fields"]),
        ("unload r", ["1:8 nothing is called r"]),
        ("save r.x out", ["1:6 nothing is called r"]),
        ("eval r d\nr = load m", ["1:6 nothing is called r"]),
        ("eval m d.test\nd = data tickets.csv", ["1:8 nothing is called d"]),
        ("data missing.csv", ["1:6 there is no file missing.csv"]),
        ("data missing.csv\necho hi > missing.csv", ["1:6 there is no file missing.csv"]),
        ("expect ev.acc >= 1", ["1:8 nothing is called ev"]),
        ("expect 1 <= ev.acc", ["1:13 nothing is called ev"]),
        ("source missing.hfsh", ["1:8 there is no script lib/missing.hfsh"]),
        ("source broken.hfsh", ["lib/broken.hfsh:2:6 `(` is reserved"]),
        ("-source broken.hfsh", ["lib/broken.hfsh:2:6 `(` is reserved"]),
        ("source unknown.hfsh", ["lib/unknown.hfsh:2:1 there is no command laod"]),
        ("source self.hfsh", ["lib/self.hfsh:1:8 this script would read itself"]),
        ("source ping.hfsh", ["lib/pong.hfsh:1:8 this script would read itself"]),
        ("source wants.hfsh", ["1:8 param name is not given and has no default"]),
        ("source common.hfsh sise=4", ["1:20 there is no param sise"]),
        ("echo $base\nsource common.hfsh", ["1:6 nothing is called base"]),
        ("require missing", ["1:9 missing is not installed"]),
        (
            "require missing\nrequire missing",
            ["1:9 missing is not installed", "2:9 missing is not installed"],
        ),
        ("laod m\nrequire missing", ["1:1 there is no command laod", "2:9 missing is not installed"]),
        ("- require missing\nlaod m", ["2:1 there is no command laod"]),
        (
            "laod m\necho $x\n\ndata no.csv",
            ["1:1 there is no command laod", "2:6 nothing is called x", "4:6 there is no file no.csv"],
        ),
    ],
)
def test_what_is_wrong(text: str, expected: list[str]) -> None:
    """Each finding stands where its cause is, in the order of the lines."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("laod m", "did you mean load?"),
        ("zzz m", "`help` lists the commands"),
        ("eval m d --rat 3", "did you mean --rate?"),
        ("router = load m\necho $rooter.x", "did you mean router?"),
        ("echo $zzz", "bind it first: zzz = …"),
        ("eval r d\n\nr = load m\nr = load n", "line 3 binds it: move that line up"),
        ("let lr = 1\necho $lr.csv", "to put text behind it write ${lr}.csv"),
        ("expect data.csv == 1", "bind it first: data = …; or quote it to mean the text itself"),
        ("source ping.hfsh", "s.hfsh → lib/ping.hfsh → lib/pong.hfsh → lib/ping.hfsh"),
        ("source common.hfsh sise=4", "did you mean size?"),
        ("source wants.hfsh", "give it: name=…"),
    ],
)
def test_hints(text: str, expected: str) -> None:
    """Each finding says what to do about it."""
    assert hint(text) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, []),
        ([], ["1:1 param data is not given and has no default"]),
        (["data"], []),
        (["data", "epochs"], []),
        (["data", "epoch"], ["s.hfsh there is no param epoch"]),
    ],
)
def test_parameters(given: list[str] | None, expected: list[str]) -> None:
    """A parameter without a default must be given, and nothing else may be."""
    assert found("param data\nparam epochs = 3\necho $data $epochs", given) == expected


def test_behind_a_missing_package_only_what_is_certain_is_found() -> None:
    """Commands and options that nobody knows may be the missing package's; names and files are not."""
    text = "require missing\nx = stars-chart m --deep\neval m d --half\ndata no.csv\necho $y $x"
    assert found(text) == ["1:9 missing is not installed", "5:6 nothing is called y"]
    text = "require missing\neval m d --half\ndata no.csv"
    assert found(text) == ["1:9 missing is not installed", "3:6 there is no file no.csv"]


def test_names_bound_before() -> None:
    """A script that is checked in a session may use the session's names."""
    assert found("unload r", bound=["r"]) == []


def test_without_a_reader_names_behind_source_are_trusted() -> None:
    """What a script binds that nobody read is not known, so nothing behind it is a finding."""
    text = "echo $before\nsource any.hfsh\necho $behind\ndata behind.csv\nlaod m"
    messages = [problem.message for problem in problems(text, reads=False)]
    assert messages == ["nothing is called before", "there is no command laod"]


def test_a_circle_under_ever_new_names_ends() -> None:
    """A reader that spells a file anew each time does not send the checker round for ever."""

    def spelled_anew(path: str, sourcing: str) -> Source:
        return Source("source it.hfsh", f"{sourcing}/../{path}")

    (problem,) = check_script(
        parse_script("source it.hfsh"), Words(), exists=FILES.__contains__, read_source=spelled_anew
    )
    assert "more than 16 deep" in problem.message


def test_problem_as_text_and_json() -> None:
    """A finding reads FILE:LINE:COL, and crosses a socket."""
    (problem,) = problems("eval m d --rat 3")
    assert str(problem) == "s.hfsh:1:10: there is no option --rat (did you mean --rate?)"
    assert json.loads(json.dumps(problem.to_dict())) == {
        "schema": 1,
        "kind": "problem",
        "message": "there is no option --rat",
        "place": {"file": "s.hfsh", "line": 1, "column": 10, "length": 5, "text": "eval m d --rat 3"},
        "hint": "did you mean --rate?",
    }
