"""Cases whose answers are labels, numbers, choices, tags or spans."""

from __future__ import annotations

from benchmarks.tasks.case import Case, Oracle
from benchmarks.tasks.labels import choices, labels, numbers, relations
from benchmarks.tasks.reading import answers, entities

_LEARN = "scikit-learn"


def _case(
    name: str,
    files: str,
    oracle: Oracle,
    by: str,
    *,
    data: str = "",
    tune: str = "",
    measure: str = "",
    top: str = "",
) -> Case:
    """Return the case of minilm fine-tuned on a set.

    Args:
        name: of the set, or of the case where `files` are those of another one.
        files: what `data` reads: `train.csv dev.csv`, in the set's folder.
        oracle: the oracle.
        by: what it is, in words.
        data: options of `data`.
        tune: options of `finetune`.
        measure: options of `eval` and `predict`.
        top: options of `predict`.
    """
    folder = name.split(",", maxsplit=1)[0]
    train, test = (f"$data/{folder}/{file}" for file in files.split())
    return Case(
        name=name.replace(",", "_"),
        data=name.replace(",", " "),
        model="minilm",
        lines=(
            f"d = data train={train} test={test} {data}".strip(),
            f"m = finetune minilm d {tune}".strip(),
            f"ev = eval m d.test {measure}".strip(),
            f"predict m d.test {measure} {top}".strip() + " > predictions.jsonl",
        ),
        oracle=oracle,
        by=by,
    )


CASES = (
    Case(
        name="chnsenticorp", data="chnsenticorp", model="new bert",
        lines=(  # minilm does not know two thirds of the characters, and is refused
            "d = data train=$data/chnsenticorp/train.csv test=$data/chnsenticorp/dev.csv",
            "base = new bert d --vocabulary 4000",
            "m = finetune base d --task text-classification --epochs 3 --learning-rate 5e-4",
            "ev = eval m d.test",
            "predict m d.test --top-k 2 > predictions.jsonl",
        ),
        oracle=labels("chnsenticorp/dev.csv", positive="1"), by=_LEARN,
    ),
    _case(
        "cola", "train.tsv dev.tsv", labels("cola/dev.tsv", positive="1", headline="mcc"), _LEARN,
        tune="--epochs 1 --learning-rate 2e-4", top="--top-k 2",
    ),
    _case(
        "banking77", "train.csv dev.csv", labels("banking77/dev.csv"), _LEARN,
        tune="--epochs 1 --learning-rate 1e-3 --batch-size 32",
    ),
    _case(
        "mrpc", "train.jsonl dev.jsonl", labels("mrpc/dev.jsonl", positive="1"), _LEARN,
        tune="--epochs 2 --learning-rate 2e-4", top="--top-k 2",
    ),
    _case(
        "rte", "train.jsonl dev.jsonl", labels("rte/dev.jsonl", positive="entailment"), _LEARN,
        tune="--epochs 2 --learning-rate 1e-4", top="--top-k 2",
    ),
    _case(
        "sick_nli", "train.jsonl dev.jsonl", labels("sick_nli/dev.jsonl"), _LEARN,
        tune="--epochs 2 --learning-rate 2e-4",
    ),
    _case(
        "stsb", "train.csv dev.csv", numbers("stsb/dev.csv", "score"), "scipy",
        tune="--epochs 1 --learning-rate 2e-4",
    ),
    _case(
        "semeval2010_task8", "train.jsonl dev.jsonl", relations("semeval2010_task8/dev.jsonl"),
        "scikit-learn, and the scorer's definition", tune="--epochs 2 --learning-rate 5e-4",
    ),
    _case(
        "wnut17", "train.conll dev.conll", entities("wnut17/dev.conll"), "seqeval, strict IOB2",
        tune="--epochs 1.5 --learning-rate 5e-4", measure="--repair-tags",
    ),
    _case(
        "squad", "train.jsonl.gz dev.jsonl", answers("squad/dev.jsonl"), "the official script's definition",
        tune="--epochs 0.3 --learning-rate 5e-4", measure="--limit 250",
    ),
    _case(
        "squad,v2", "train_v2.jsonl dev_v2.jsonl", answers("squad/dev_v2.jsonl"),
        "the official script's definition", tune="--epochs 2 --learning-rate 2e-4",
    ),
    _case(
        "copa", "train.jsonl dev.jsonl", choices("copa/dev.jsonl"), _LEARN,
        tune="--epochs 2 --learning-rate 1e-4",
    ),
    _case(
        "commonsenseqa", "train.jsonl dev.jsonl", choices("commonsenseqa/dev.jsonl"), _LEARN,
        tune="--epochs 1 --learning-rate 2e-4",
    ),
)  # fmt: skip
