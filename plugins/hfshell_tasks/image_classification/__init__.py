"""Image classification: its declaration. The work is in `task`, imported on first use."""

from __future__ import annotations

from hfshell.api import Role, TaskSpec, hookimpl
from hfshell_tasks.file_options import PredictOptions

ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")
NAMES = ("file", "path", "file_name", "filename", "image_path", "img", "picture", "photo")

SPEC = TaskSpec(
    name="image-classification",
    summary="One label for each picture: what it shows",
    target="hfshell_tasks.image_classification.task:ImageClassification",
    roles=(Role.file(*NAMES, name="image", endings=ENDINGS), Role.label()),
    architectures=("ForImageClassification",),
    metrics=("accuracy", "macro_f1", "mcc", "roc_auc", "ece"),
    options={"predict": PredictOptions},
    examples=(
        "photos = data photos/",
        "eye = finetune ./vit photos --task image-classification",
        "predict eye cat.png",
    ),
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the task."""
    return [SPEC]
