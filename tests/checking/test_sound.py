"""What `check` calls an error is one: the run stops there too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hfshell import Session
from hfshell.errors import HfshellError
from tests.checking.place import check
from tests.models.tiny import bert

HEAD = "d = data rows.csv\nm = load ./tiny\nlet v = 3"

STOPPED = (
    "show nothing", "eval m nothing", "eval m nothing.test", "eval m squad", "eval m no.csv",
    "finetune m squad", "use nothing", "unload nothing", "load foo:bar", "load ./nothing", "load rows.csv",
    "load ./bare",
    "eval d d", "eval v d", "predict d 'a text'", "use d", "save d ./there", "finetune m m", "eval m m.test",
    "eval m v", "augment m", "new bert m", "search m 'a text'", "echo $d", "echo $m", "unload v --park",
    "expect m.parameters > 1", "expect d.rows > 1", "expect v.x > 1", "show v.x", "show m.x", "show d.tets",
    "echo $v.csv", "eval m d.tets", "predict m d.tets", "predict m no.csv", "x = data tran=rows.csv",
    "x = data rows.csv --map text=messsage", "x = data rows.csv --map txet=text",
    "x = data rows.csv --map text",
    "x = data rows.csv --columns a,b --map text=text", "data no.csv", "data squad", "data train=no.csv",
    "data ./no/x", "data sheet.xlsx", "save m ./tiny", "echo hi > out.xlsx", "echo hi > no/out.txt",
    "set memroy 80%", "set memory 300%", "set offline maybe", "x = set seed 1", "set seed 1 > out.txt",
    "expect 1 >= 90%", "expect $v > high", "source no.hfsh", "expect _.rows > 1", "expect nothing.x > 1",
    "exit 256", "predict m", "chat m", "finetune m d --task feature-extraction",
    "x = data train=rows.csv\nshow x.test", "x = data rows.csv --test 0\neval m x.test",
    "x = data test=rows.csv\nshow x.train",
    "load ./tiny --dtyp x", "require no-such-package",
)  # fmt: skip


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session with a name of each kind, in a folder of its own."""
    folder = tmp_path_factory.mktemp("sound")
    rows = [f"my card was charged {n},billing\nwhere is parcel {n},delivery\n" for n in range(20)]
    (folder / "rows.csv").write_text("text,label\n" + "".join(rows))
    (folder / "sheet.xlsx").write_bytes(b"PK")
    (folder / "bare").mkdir()
    bert(folder / "tiny")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("HFSHELL_HOME", str(folder / "home"))
        patch.setenv("HF_HUB_OFFLINE", "1")
        with Session() as opened:
            opened.run(HEAD)
            yield opened


@pytest.mark.parametrize("line", STOPPED)
def test_an_error_stops_the_run(session: Session, line: str) -> None:
    """Each finding that is called an error stands on a line that fails when it runs."""
    (problem,) = check(f"{HEAD}\necho $v\n{line}")
    assert problem.severity == "error"
    assert problem.place.line == 4 + len(line.splitlines())
    session.run("echo hi")
    with pytest.raises(HfshellError):
        session.run(line)
