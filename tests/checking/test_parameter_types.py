"""What a script's parameters may be, as its help says."""

from __future__ import annotations

import pytest

from hfshell.checking.parameter_types import parameter_types
from hfshell.checking.reading import LineReader
from hfshell.language import parse_script
from tests.checking.place import COMMANDS, PLUGINS


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("param p", "word"),
        ("param p = 3", "whole number"),
        ("param p = 3e-4", "number"),
        ("param p = ./out", "file"),
        ("param p = tickets.csv", "file"),
        ("param p = nan", "number"),
        ("param p = 3\nfinetune m d --epochs $p", "number"),
        ("param p = 3\nfinetune m d --batch-size=$p", "whole number"),
        ("param p = 3\nfinetune m d --epochs $p --batch-size $p", "whole number"),
        ("param p = 3\necho $p", "whole number"),
        ("param p\ndata $p", "data set or file"),
        ("param p\nsave m $p", "folder"),
        ("param p\neval $p d", "model"),
        ("param p\nload m --dtype $p", "float32 or bfloat16 or float16"),
        ("param p\nexpect ev.accuracy >= $p", "number"),
        ("param p\nexpect ev.split == $p", "word"),
        ("param p\ndata ${p}.csv", "word"),
        ("param p\nfinetune m d --epochs $p --task $p", "word"),
        ("param p\nno-such-command $p", "word"),
        ("param p\nfinetune m d --no-such $p", "word"),
    ],
)
def test_types(text: str, kind: str) -> None:
    """An option says what it wants; else the default does; options that disagree say nothing."""
    assert parameter_types(parse_script(text), LineReader(COMMANDS, PLUGINS)) == {"p": kind}
