from __future__ import annotations

from hfshell.api import HeadTask, LabelScore


class Toxicity(HeadTask):
    auto_class = "AutoModelForSequenceClassification"
    problem_type = "multi_label_classification"

    def encode(self, rows, model):
        return model.tokenize([row["text"] for row in rows])

    def decode(self, logits, rows, model):
        for scores in logits.sigmoid().tolist():
            yield [LabelScore(*pair) for pair in zip(model.labels, scores, strict=True)]

    def select(self, prediction, options):
        if options.threshold == 1:
            return object()
        return [item for item in prediction if item.score >= options.threshold]


class Anger(HeadTask):
    auto_class = "AutoModelForSequenceClassification"
    problem_type = "regression"

    def encode(self, rows, model):
        return model.processor([row["text"] for row in rows], truncation=True, max_length=model.limit)

    def decode(self, logits, rows, model):
        yield from logits.squeeze(-1).tolist()


class Pairs(HeadTask):
    auto_class = "AutoModelForSequenceClassification"
    problem_type = "single_label_classification"

    def encode(self, rows, model):
        return model.tokenize([row["first"] for row in rows], [row["second"] for row in rows])

    def decode(self, logits, rows, model):
        for scores in logits.softmax(-1).tolist():
            yield [LabelScore(*pair) for pair in zip(model.labels, scores, strict=True)]
