"""Names of metrics as people write them."""

from __future__ import annotations

_SPELLED = {
    "roc": "ROC",
    "f1": "F1",
    "ece": "ECE",
    "mcc": "MCC",
    "auc": "AUC",
    "auroc": "AUROC",
    "rmse": "RMSE",
    "mse": "MSE",
    "mae": "MAE",
    "mape": "MAPE",
    "r2": "R2",
    "wer": "WER",
    "cer": "CER",
    "bleu": "BLEU",
    "chrf": "chrF++",
    "rouge1": "ROUGE-1",
    "rouge2": "ROUGE-2",
    "rougel": "ROUGE-L",
}


def metric_name(name: str) -> str:
    """Return a metric's name as the field writes it: `macro_f1` is macro-F1."""
    return "-".join(_SPELLED.get(part, part) for part in name.split("_"))
