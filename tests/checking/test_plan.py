"""The plan of a dry run: what each line would do, with sizes."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from hfshell.checking import check_source
from hfshell.checking.local_models import cached_snapshot, look_at_model
from hfshell.checking.plan import PlannedLine, plan_line
from hfshell.language import Source
from tests.checking.place import COMMANDS, PLUGINS


def plan(text: str, *parameters: str) -> list[PlannedLine]:
    """Plan a script."""
    lines: list[PlannedLine] = []
    check_source(
        Source(text, "s.hfsh"),
        COMMANDS,
        PLUGINS,
        parameters,
        watch=lambda read, scene: lines.append(plan_line(read, scene)),
    )
    return lines


@pytest.fixture
def rows(place: Path) -> Path:
    """A table of a hundred rows."""
    (place / "rows.csv").write_text("text,label\n" + "".join(f"a{n},x\n" for n in range(100)))
    return place


def weights(folder: Path, shapes: dict[str, list[int]]) -> None:
    """Write a safetensors file with nothing but its header."""
    header = json.dumps({name: {"dtype": "F32", "shape": shape} for name, shape in shapes.items()}).encode()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "architectures": ["BertModel"]}))
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("d = data rows.csv", ["reads rows.csv: 100 rows", "columns text, label"]),
        ("d = data rows.csv", ["train 80 · validation 10 · test 10"]),
        ("d = data rows.csv --limit 50 --test 0 --validation 0.2", ["train 40 · validation 10;"]),
        ("d = data train=rows.csv dev=tickets.csv", ["as train: 100 rows", "train 100 · validation 2;"]),
        ("d = data org/name", ["rows and columns are known when it runs"]),
        ("load ./model", ["./model (BertModel, 0 B on disk)"]),
        ("load org/name", ["org/name (not on this machine"]),
        ("d = data rows.csv\nfinetune ./model d --epochs 2 --batch-size 8", ["about 20 steps of 8 rows"]),
        ("param e = 2\nd = data rows.csv\nfinetune ./model d --epochs $e", ["about 10 steps of 16 rows"]),
        ("d = data rows.csv\neval ./model d", ["about 10 rows of d.test"]),
        ("d = data rows.csv\neval ./model d.train --limit 5", ["about 5 rows of d.train"]),
        ("predict ./model 'a' 'b'", ["predicts 2 texts"]),
        ("predict ./model a b c", ["predicts 1 text with"]),
        ("predict ./model <<E\na\n\nb\nE", ["predicts 2 texts"]),
        ("d = data rows.csv\npredict ./model d.test", ["predicts about 10 rows of d.test"]),
        ("predict ./model ./lib", ["predicts rows of ./lib with"]),
        ("predict ./model './lib'", ["predicts 1 text with"]),
        ("predict ./router empty", ["predicts rows of empty with"]),
        ("predict ./router sheet.xlsx", ["predicts rows of sheet.xlsx with"]),
        ("predict ./model sheet.xlsx", ["predicts 1 text with"]),
        ("m = load minilm\nsave m ./out\nload ./out", ["./out, which an earlier line writes"]),
        ("m = load minilm\nn = load m", ["gives the model m another name"]),
        ("d = data rows.csv\naugment d --copies 2", ["at most 160 rows"]),
        ("let a = 3\necho a is $a", ["prints a is 3"]),
        ("- echo hi", ["may fail: the script goes on"]),
        ("expect 1 < 2", ["compares 1 < 2"]),
        ("set seed 3", ["sets seed to 3"]),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("rows")
def test_what_a_line_would_do(text: str, said: list[str]) -> None:
    """The last line says what it would do, with what is known of sizes."""
    would = " · ".join(plan(text)[-1].would)
    assert [part for part in said if part not in would] == []


@pytest.mark.usefixtures("rows")
def test_what_would_be_written() -> None:
    """Outputs are named, and those of them that are there already."""
    lines = plan(
        "echo hi > rows.csv\necho hi >> rows.csv\necho hi > new.txt\n"
        "m = load minilm\nsave m ./model --overwrite"
    )
    written = [(line.writes, line.overwrites) for line in lines if line.writes]
    assert written == [
        (("rows.csv",), ("rows.csv",)),
        (("rows.csv",), ("rows.csv",)),
        (("new.txt",), ()),
        (("./model",), ("./model",)),
    ]


@pytest.mark.usefixtures("rows")
def test_lines_of_a_sourced_script_are_planned() -> None:
    """Each line stands under its own file."""
    lines = plan("source lib/common.hfsh\necho $size")
    assert [(line.file, line.line) for line in lines] == [
        ("s.hfsh", 1),
        ("lib/common.hfsh", 2),
        ("s.hfsh", 2),
    ]


def test_parameters_of_a_model_are_counted(tmp_path: Path) -> None:
    """The headers of safetensors name each tensor's shape; a damaged one says nothing."""
    weights(tmp_path, {"a": [3, 4], "b": [5]})
    facts = look_at_model(tmp_path)
    assert facts is not None
    assert (facts.architecture, facts.parameters, facts.task) == ("BertModel", 17, None)
    (tmp_path / "model.safetensors").write_bytes(b"\xff" * 20)
    facts = look_at_model(tmp_path)
    assert facts is not None
    assert facts.parameters is None


def test_models_that_were_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Hub's cache is looked into, by branch and by commit."""
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    folder = tmp_path / "hub" / "models--org--name"
    weights(folder / "snapshots" / "c0ffee", {"a": [2]})
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text("c0ffee")
    snapshot = folder / "snapshots" / "c0ffee"
    assert cached_snapshot("org/name") == cached_snapshot("hub:org/name@c0ffee") == snapshot
    assert cached_snapshot("org/other") is None
    assert cached_snapshot("org/name@v2") is None
    (line,) = plan("load org/name")
    assert "2 parameters" in line.would[0]
