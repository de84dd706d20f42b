"""Work whose import misbehaves, as a file beside it says."""

from pathlib import Path

from misbehaviour import MISBEHAVIOUR

exec(MISBEHAVIOUR[Path(__file__).with_name("kind").read_text()], {})


class Bad:
    def load(self, source, options, context):
        return object()

    def predict(self, model, rows, options, context):
        return ["a" for _ in rows]
