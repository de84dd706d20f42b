from __future__ import annotations

from hfshell.api import DataError, Place


def labels_a_row(expected, predicted):
    return sum(map(len, predicted)) / len(predicted)


def shape_accuracy(expected, predicted):
    pairs = [pair for row in zip(expected, predicted, strict=True) for pair in zip(*row, strict=True)]
    return sum(one == other for one, other in pairs) / len(pairs)


def flattery(expected, predicted):
    return 1.0


def read(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        label, bracket, text = line.partition("> ")
        if label == "<crash":
            raise ZeroDivisionError(line)
        if not bracket:
            raise DataError("a bracket is never closed", place=Place(path.name, number))
        yield {"comment": text, "labels": [part for part in label.lstrip("<").split("+") if part]}
