from __future__ import annotations


class Shapes:
    def load(self, source, options, context):
        return str(source)

    def predict(self, model, rows, options, context):
        for row in rows:
            assert "shapes" not in row
            yield ["upper" if word[0].isupper() else "lower" for word in row["words"]]


class Judge:
    def load(self, source, options, context):
        return str(source)

    def predict(self, model, rows, options, context):
        return ["fine" for _ in rows]

    def eval(self, model, rows, options, context):
        fine = sum(row["verdict"] == "fine" for row in rows)
        return {"mercy": fine / len(rows), "strictness": 1.0 if options.strict else None}
