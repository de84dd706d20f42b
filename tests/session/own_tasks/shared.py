"""What the tests of a stranger's task share."""

from __future__ import annotations

from hfshell import Session
from hfshell.api import LabelScore
from hfshell.api.results import PredictionResult

PACKAGE = "hfshell_bayes"
FINETUNE = "m = finetune bayes:multinomial reviews"


def predicted(session: Session, line: str = "predict m my card was charged") -> list[LabelScore]:
    result = session.run(line)
    assert isinstance(result, PredictionResult)
    (row,) = result.rows
    return row
