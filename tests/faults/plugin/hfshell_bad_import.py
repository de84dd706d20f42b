"""Work whose import misbehaves, as the number at the end of its name says."""

from misbehaviour import MISBEHAVIOUR

exec(list(MISBEHAVIOUR.values())[int(__name__.removeprefix("hfshell_bad_import"))], {})


class Bad:
    def load(self, source, options, context):
        return object()

    def predict(self, model, rows, options, context):
        return ["a" for _ in rows]
