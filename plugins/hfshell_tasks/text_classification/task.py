"""Text classification and regression on a sequence-classification head."""

from __future__ import annotations

from collections.abc import Sequence

from hfshell.api import DataError, Features, HeadTask, LabelHead, LabelsHead, ModelView, NumberHead, Row


class _ReadsText(HeadTask):
    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn texts into token IDs, cut at the end to what the model can read.

        Raises:
            DataError: a row has no text.
        """
        return model.tokenize([_text(row) for row in rows])


class TextClassification(_ReadsText, LabelHead):
    """One label for each text."""


class MultiLabelClassification(_ReadsText, LabelsHead):
    """Any number of labels for each text."""


class TextRegression(_ReadsText, NumberHead):
    """A number for each text."""


def _text(row: Row) -> str:
    text = row.get("text")
    if not isinstance(text, str):
        raise DataError(f"a row has no text: {dict(row)!r:.80}")
    return text
