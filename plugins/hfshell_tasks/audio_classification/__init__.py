"""Audio classification: its declaration. The work is in `task`, imported on first use."""

from __future__ import annotations

from hfshell.api import Role, TaskSpec, hookimpl
from hfshell_tasks.file_options import PredictOptions

SPEC = TaskSpec(
    name="audio-classification",
    summary="One label for each sound: who speaks, what is said, what it is that rings",
    target="hfshell_tasks.audio_classification.task:AudioClassification",
    roles=(
        Role.file("file", "path", "file_name", "audio_path", "wav", name="audio", endings=(".wav",)),
        Role.label(),
    ),
    architectures=("ForAudioClassification",),
    metrics=("accuracy", "macro_f1", "mcc", "roc_auc", "ece"),
    options={"predict": PredictOptions},
    examples=(
        "bells = data bells.csv",
        "ear = finetune ./ast bells --task audio-classification",
        "predict ear door.wav",
    ),
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the task."""
    return [SPEC]
