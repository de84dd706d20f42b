"""What `check` finds: a script, and its findings with code, line and column."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.checking.place import check, found

pytestmark = pytest.mark.usefixtures("place")

HEAD = "d = data tickets.csv\nm = load minilm\nr = finetune m d\nev = eval r d.test\nlet v = 3\n"
"""A name of each kind; what follows begins at line 6. `v` is used by each test, or remarked on."""


def after_head(line: str) -> list[str]:
    """Return the findings of a line behind `HEAD`."""
    return found(f"{HEAD}{line}\necho $v")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("laod minilm", ["1:1 unknown-command"]),
        ("- laod minilm", ["1:3 unknown-command"]),
        ("load (", ["1:6 syntax"]),
        ("load", ["1:1 usage"]),
        ("load minilm --dtyp x", ["1:13 usage"]),
        ("load minilm --dtype=floaty", ["1:13 usage"]),
        ("echo hi <<END\nlost\nEND", ["1:1 usage"]),
        ("x = set seed 1", ["1:1 usage"]),
        ("exit 256", ["1:6 usage"]),
        ("predict minilm", ["1:1 usage"]),
        ("chat minilm --new", ["1:1 usage"]),
        ("- load minilm --dtyp x", ["1:15 usage"]),
    ],
)
def test_commands_and_options(text: str, expected: list[str]) -> None:
    """A command or an option that is none is found, also on a line that may fail."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo a$x", ["1:7 unknown-name"]),
        ("echo '$x' \"$y\"", ["1:12 unknown-name"]),
        ("x = echo $x", ["1:10 unknown-name"]),
        ("echo hi > $x", ["1:11 unknown-name"]),
        ("predict minilm <<E\na\n ${x}\nE", ["3:2 unknown-name"]),
        ("show r", ["1:6 unknown-name"]),
        ("unload r", ["1:8 unknown-name"]),
        ("use r", ["1:5 unknown-name"]),
        ("expect ev.acc >= 1", ["1:8 unknown-name"]),
        ("expect 1 <= ev.acc", ["1:13 unknown-name"]),
        ("eval minilm tickts.test", ["1:13 unknown-name"]),
        ("finetune minilm squad", ["1:17 unknown-name"]),
        ("eval r tickets.csv\nr = load minilm", ["1:6 unknown-name"]),
        ("r = load minilm\nunload r\neval r tickets.csv", ["3:6 unknown-name"]),
        ("r = load minilm\nunload --all\nshow r", ["3:6 unknown-name"]),
        ("load foo:bar", ["1:6 unknown-name"]),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    """A name that nothing is bound to is found where it stands."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("eval d d", ["6:6 wrong-kind"]),
        ("eval d.test d", ["6:6 wrong-kind"]),
        ("eval ev d", ["6:6 wrong-kind"]),
        ("eval v d", ["6:6 wrong-kind"]),
        ("predict d 'a text'", ["6:9 wrong-kind"]),
        ("use d", ["6:5 wrong-kind"]),
        ("save d ./there", ["6:6 wrong-kind"]),
        ("finetune m m", ["6:12 wrong-kind"]),
        ("finetune d m", ["6:10 wrong-kind", "6:12 wrong-kind"]),
        ("eval r m.test", ["6:8 wrong-kind"]),
        ("eval r ev", ["6:8 wrong-kind"]),
        ("augment m", ["6:9 wrong-kind"]),
        ("new bert r", ["6:10 wrong-kind"]),
        ("augment d --method mask --model d", ["6:33 wrong-kind"]),
        ("echo $d", ["6:6 wrong-kind"]),
        ("echo $ev $m", ["6:6 wrong-kind", "6:10 wrong-kind"]),
        ("unload ev --park", ["6:8 wrong-kind"]),
        ("search m 'a text'", ["6:8 wrong-kind"]),
    ],
)
def test_kinds(line: str, expected: list[str]) -> None:
    """A name that holds something else than is due is found."""
    assert after_head(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("expect ev.acuracy >= 0.9", ["6:8 unknown-field"]),
        ("echo $ev.acuracy ${ev.metrics}", ["6:6 unknown-field", "6:18 unknown-field"]),
        ("show ev.acuracy", ["6:6 unknown-field"]),
        ("show ev.errors", []),
        ("e2 = eval r d\nshow _.errors", []),
        ("show _.errors", ["6:6 unknown-field"]),
        ("show r.errors", ["6:6 unknown-field"]),
        ("expect ev.errors > 1", ["6:8 unknown-field"]),
        ("expect m.parameters > 1", ["6:8 unknown-field"]),
        ("expect d.rows > 1", ["6:8 unknown-field"]),
        ("show v.x", ["6:6 unknown-field"]),
        ("echo $v.csv", ["6:6 unknown-field"]),
        ("e2 = eval r d --task text-classification\nexpect e2.chrf > 1", ["7:8 unknown-field"]),
        ("e2 = eval ./router d\nexpect e2.chrf > 1", ["7:8 unknown-field"]),
        ("e2 = eval ./router d\nexpect e2.macro_f1 > 0.1", []),
        ("r2 = load ./router\nuse r2\ne2 = eval _ d\nexpect e2.chrf > 1", ["9:8 unknown-field"]),
        ("data tickets.csv\nexpect _.rows > 1\nexpect _.row > 1", ["8:8 unknown-field"]),
        ("echo hi\necho $_.rows", ["7:6 unknown-field"]),
        ("expect ev.accuracy_low > 0.1", []),
        ("expect ev.n > 1", []),
        ("expect ev.pseudo_perplexity < 9", []),
        ("expect ev.pass_at_20 > 0.1", []),
        ("p = predict r 'a text'\nexpect p.anything == 1", []),
        ("f = search d 'a text'\nexpect f.anything == 1", []),
    ],
)
def test_fields(line: str, expected: list[str]) -> None:
    """A field that no result of that kind, and of that task, can have is found."""
    assert after_head(line) == expected


def test_a_result_without_fields_is_said_to_have_none() -> None:
    """What a result has is said also where that is nothing, as with a message."""
    (problem,) = check("echo hi\necho $_.rows")
    assert problem.hint == "it has none"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("expect ev.accuracy >= 90%", ["6:23 no-order"]),
        ("expect ev.accuracy >= 0,9", ["6:23 no-order"]),
        ("let word = high\nexpect ev.accuracy > $word", ["7:22 no-order"]),
        ("expect ev.split == test", []),
        ("expect ev.accuracy ~ 0.9", []),
        ("expect 1e-3 < 2", []),
    ],
)
def test_what_has_no_order(line: str, expected: list[str]) -> None:
    """What is compared by size, and is no number, is found."""
    assert after_head(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("eval r d.tets", ["6:8 unknown-split"]),
        ("show d.tets", ["6:6 unknown-split"]),
        ("predict r d.tets", ["6:11 unknown-split"]),
        ("predict r 'd.tets'", []),
        ("predict r d.tets and more", []),
        ("eval r d.dev", []),
        ("x = data tran=tickets.csv", ["6:10 unknown-split"]),
        ("x = data train=tickets.csv\neval r x.test", ["7:8 unknown-split"]),
        ("x = data train=tickets.csv --test 0.2\neval r x.test", []),
        ("x = data train=tickets.csv\neval r x.dev", []),
        ("x = data tickets.csv --test 0\neval r x.test", ["7:8 unknown-split"]),
        ("x = data tickets.csv --test ${env:SHARE}\neval r x.test", []),
        ("x = data test=tickets.csv\nshow x.train", ["7:6 unknown-split"]),
        ("x = data lib\neval r x.test", []),
        ("x = data org/name\neval r x.test", []),
        ("x = data test=tickets.csv train=org/name\neval r x.validation", []),
        ("x = data train=tickets.csv dev=tickets.csv", []),
    ],
)
def test_splits(line: str, expected: list[str]) -> None:
    """A split that no data set has is found; other words for splits are not."""
    assert after_head(line) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data tickets.csv --map text=messsage", ["1:24 unknown-column"]),
        ("data tickets.csv --map=text=messsage", ["1:18 unknown-column"]),
        ("data tickets.csv --map text=message --map label=queue", []),
        ("data tickets.csv --map txet=message", ["1:24 unknown-role"]),
        ("data tickets.csv --map message", ["1:24 usage"]),
        ("data tickets.csv --columns text,label --map text=message", ["1:45 unknown-column"]),
        ("data rows.jsonl --map number=starts", ["1:23 unknown-role", "1:23 unknown-column"]),
        ("data rows.jsonl --map label=stars", []),
        ("data train=tickets.csv test=rows.jsonl --map text=messsage", ["1:46 unknown-column"]),
        ("let column = messsage\ndata tickets.csv --map text=$column", ["2:24 unknown-column"]),
        ("echo hi > out.csv\ndata out.csv --map text=anything", []),
        ("data org/name --map text=anything", []),
        ("data lib --map text=anything", []),
    ],
)
def test_columns(text: str, expected: list[str]) -> None:
    """A column that the file's header does not have is found, where the header can be read."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data missing.csv", ["1:6 missing-file"]),
        ("data squad", ["1:6 missing-file"]),
        ("data train=missing.csv", ["1:6 missing-file"]),
        ("data missing.csv\necho hi > missing.csv", ["1:6 missing-file"]),
        ("data ./missing/x", ["1:6 missing-file"]),
        ("data sheet.xlsx", ["1:6 usage"]),
        ("data tickets.csv --encoding utf-99", ["1:29 usage"]),
        ("data tickets.csv --encoding base64", ["1:29 usage"]),
        ("data tickets.csv --encoding ''", ["1:29 usage"]),
        ("data tickets.csv --encoding latin-1", []),
        ("data tickets.csv --validation 0.6 --test 0.6", ["1:42 usage"]),
        ("data tickets.csv --validation 0.5 --test 0.4", []),
        ("eval minilm missing.csv", ["1:13 missing-file"]),
        ("predict minilm missing.csv", ["1:16 missing-file"]),
        ("load ./missing", ["1:6 missing-file"]),
        ("load sheet.xlsx", ["1:6 not-a-model"]),
        ("load ./empty", ["1:6 not-a-model"]),
        ("load ./model", []),
        ("m = load minilm\nsave m ./model", ["2:8 file-exists"]),
        ("m = load minilm\nsave m ./model --overwrite", []),
        ("m = load minilm\nsave m ./new\nsave m ./new", ["3:8 file-exists"]),
        ("m = load minilm\nsave m ./new\nload ./new", []),
        ("echo hi > out.xlsx", ["1:11 bad-redirect"]),
        ("echo hi > nowhere/out.txt", ["1:11 missing-file"]),
        ("set seed 1 > out.txt", ["1:14 bad-redirect"]),
        ("let o = out\necho hi > $o", ["2:11 bad-redirect"]),
        ("echo hi > out.csv\ndata ./a/../out.csv", []),
        ("echo hi > ${env:HOME}/x.csv\ndata whatever.csv", []),
    ],
)
def test_files(text: str, expected: list[str]) -> None:
    """Files that are not there, folders in the way, and redirects that lead nowhere are found."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("set memroy 80%", ["1:5 unknown-setting"]),
        ("set memory 300%", ["1:12 bad-setting"]),
        ("set offline maybe", ["1:13 bad-setting"]),
        ("let m = many\nset seed $m", ["2:10 bad-setting"]),
        ("set memory 80%\nset offline on\nset\nset seed\nset seed default", []),
    ],
)
def test_settings(text: str, expected: list[str]) -> None:
    """A setting that is none, and a value that it cannot have, are found."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("param a\necho $a", (), ["1:1 missing-param"]),
        ("param a\necho $a", ("a=1",), []),
        ("param a = 1\necho $a", ("b=1",), ["s.hfsh unknown-param"]),
        ("param a = 1\necho $a", ("a",), ["s.hfsh usage"]),
        ("echo a\nexit 3\nfintune base d\nhlep", (), ["3:1 unreachable"]),
        ("- exit\nhlep", (), ["2:1 unreachable"]),
        ("- exit abc\nhlep", (), ["1:8 usage", "2:1 unknown-command"]),
        ("- x = exit\nhlep", (), ["2:1 unknown-command"]),
        ("- exit > f.txt\nhlep", (), ["2:1 unknown-command"]),
        ("param a = 1\nexit\necho $a", (), ["3:1 unreachable"]),
        ("param a = 1", (), ["1:1 unused"]),
        ("let a = 1", (), ["1:1 unused"]),
        ("param a = $b\necho $a", (), ["1:11 unknown-name"]),
        ("param e = many\nfinetune minilm tickets.csv --epochs $e", (), ["2:38 usage"]),
        ("param e = 3\nfinetune minilm tickets.csv --epochs $e", ("e=many",), ["2:38 usage"]),
        ("param e = 3\nfinetune minilm tickets.csv --epochs=$e", ("e=many",), ["2:29 usage"]),
        ("param file = missing.csv\ndata $file", (), ["2:6 missing-file"]),
        ("param file = missing.csv\ndata $file", ("file=tickets.csv",), []),
        ("param a\necho $a.csv", None, ["2:6 unknown-field"]),
        ("param a\necho $a", None, []),
    ],
)
def test_parameters(text: str, given: Sequence[str] | None, expected: list[str]) -> None:
    """Values are held against the header, and put where they are used."""
    assert found(text, given) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("source missing.hfsh", ["1:8 script"]),
        ("source lib/broken.hfsh", ["lib/broken.hfsh:2:6 syntax"]),
        ("- source lib/broken.hfsh", ["lib/broken.hfsh:2:6 syntax"]),
        ("source lib/unknown.hfsh", ["lib/unknown.hfsh:2:1 unknown-command"]),
        ("source lib/self.hfsh", ["lib/self.hfsh:1:8 script"]),
        ("source lib/ping.hfsh", ["lib/pong.hfsh:1:8 script"]),
        ("source lib/nothing.hfsh", ["lib/nothing.hfsh:1:8 script"]),
        ("source lib/wants.hfsh", ["1:8 missing-param"]),
        ("source lib/common.hfsh sise=4", ["1:24 unknown-param"]),
        ("source lib/common.hfsh size=4\neval base tickets.csv", []),
        ("echo $base\nsource lib/common.hfsh", ["1:6 unknown-name"]),
        ("let n = lib/common.hfsh\nsource $n\nshow base", []),
        ("source ${env:HOME}/x.hfsh\necho $anything\ndata any.csv\nshow any\nexpect x.y > 1", []),
        ("echo $before\nsource ${env:HOME}/x.hfsh\nlaod m", ["1:6 unknown-name", "3:1 unknown-command"]),
    ],
)
def test_sourced_scripts(text: str, expected: list[str]) -> None:
    """A script that is read is checked in its place; one that nobody knows may do anything."""
    assert found(text) == expected


def test_packages() -> None:
    """Behind a package that is missing, only what is certain is found."""
    assert found("require no-such-package\nx = stars m --deep\neval m tickets.csv --half\necho $y $x") == [
        "1:9 missing-package",
        "4:6 unknown-name",
    ]
    assert found("require hfshell>=99\nload stars:x") == ["1:9 missing-package"]


@pytest.mark.parametrize(
    "line",
    [
        "- show nothing",
        "- data missing.csv\n- echo $x\n- unload x\n- expect x.y == 1\n- eval d d\n- source missing.hfsh",
        "- x = data tickets.csv\nx = load minilm\neval x d",
        "- d = load minilm\neval d d",
        "- unload r\neval r d",
        "eval gpt2 d\nfinetune org/model d",
        "gpt2 = load gpt2\neval gpt2 d",
        "eval hub:org/model@main d",
        "predict r my card was charged twice",
        "predict r card",
        "predict r 'tickets.csv'",
        'predict r "-a dash first"',
        "eval r tickets.csv\neval r ./tickets.csv",
        "load d",
        "x = data hub:imdb",
        "expect 'x.y' == x",
        "unload d --park\neval r d",
        "r = load m\nr = finetune r d\neval r d.validation > out.json",
        "d2 = augment d\nfinetune m d2",
        "finetune minilm org/data",
        "eval run:7f3a91 d\neval new:bert d\neval starter:minilm d",
        "plugins why ner\nhelp eval\nkernel\nhistory",
        "chat r hello\nchat r --save talk.jsonl\ndata talk.jsonl\nchat r --undo\nchat r <<E\nhi\nE",
        "predict r --context 'a text'",
        "undo\neval d d\nshow anything",
        "session load mine\neval other d",
    ],
)
def test_nothing_is_wrong(line: str) -> None:
    """What may be right is no finding."""
    assert after_head(line) == []


def test_a_near_name_is_remarked_on() -> None:
    """A model's name with a slip looks like a model of the Hub: that is said, and stops nothing."""
    (problem,) = check("router = load minilm\neval ruoter tickets.csv")
    assert (problem.code, problem.severity, problem.hint) == ("near-name", "remark", "did you mean router?")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("laod m", "did you mean load?"),
        ("zzz m", "`help` lists the commands"),
        ("router = load m\necho $rooter.x", "did you mean router?"),
        ("echo $zzz", "bind it first: zzz = …"),
        ("eval r tickets.csv\n\nr = load m\nr = load n", "line 3 binds it: move that line up"),
        ("r = load m\nunload r\nshow r", "line 2 forgets it"),
        ("expect data.csv == 1", "bind it first: data = …; or quote it to mean the text itself"),
        ("source lib/common.hfsh sise=4", "did you mean size?"),
        ("source lib/wants.hfsh", "give it: name=…"),
        ("m = load minilm\nfinetune m m", "line 1 binds it"),
        ("data tickets.csv --map text=messsage", "did you mean message?"),
        ("data tickets.csv --map text=zzz", "its columns are message, queue"),
        ("e = eval minilm tickets.csv\nexpect e.acuracy > 0", "did you mean accuracy?"),
        ("require no-such-package>=0.3", "pip install 'no-such-package>=0.3'"),
        ("set memroy 1", "did you mean memory?"),
    ],
)
def test_hints(text: str, hint: str) -> None:
    """Each finding says what to do about it."""
    (problem,) = check(text)
    assert problem.hint == hint


def test_parameters_that_are_not_given_may_be_anything() -> None:
    """An editor checks a script without a call: what the call must give is not missed."""
    text = "param e\nparam d = missing.csv\nfinetune minilm $d --epochs $e\nlaod m"
    assert [problem.code for problem in check(text, all_given=False)] == ["unknown-command"]
