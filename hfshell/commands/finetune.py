"""`finetune`: train a copy of a model on a data set."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument, option
from hfshell.api.specs import CommandSpec
from hfshell.commands.allowing import allow_option


@dataclass(frozen=True)
class FinetuneOptions:
    """Options of `finetune`. The defaults are BERT's for fine-tuning (Devlin et al. 2019, appendix A.3)."""

    model: str = argument("A bound model, a model source, or _", complete="model", metavar="MODEL")
    data: str = argument("A bound data set, or a file", complete="data", metavar="DATA")
    task: str | None = option(None, "What to train it for; found from the data's roles", complete="task")
    epochs: float = option(3.0, "Passes over the training rows", minimum=0.01, maximum=1000)
    learning_rate: float = option(5e-5, "Peak learning rate", minimum=1e-9, maximum=1)
    batch_size: int = option(16, "Rows a step", minimum=1)
    gradient_accumulation: int = option(1, "Batches whose gradients make a step", minimum=1)
    warmup: float = option(0.1, "Share of the steps in which the learning rate rises", minimum=0, maximum=1)
    weight_decay: float = option(0.01, "Weight decay of AdamW", minimum=0)
    max_length: int | None = option(
        None, "Longest input in tokens; as the task has it without it, mostly 128", minimum=8
    )
    seed: int | None = option(None, "Seed; the session's without it", minimum=0)
    save_every: int | None = option(None, "Steps between checkpoints; an epoch without it", minimum=1)
    patience: int | None = option(None, "Stop after this many epochs without a better score", minimum=1)
    label_map: str | None = option(
        None,
        "Data labels by their model names: 0=billing,1=refunds",
        metavar="A=B,…",
        complete="label-map",
    )
    resume: str | None = option(
        None,
        "Go on with an interrupted run: its ID, or the last one",
        optional_value="last",
        metavar="RUN",
        complete="run",
    )
    allow: tuple[str, ...] = allow_option()


COMMAND = CommandSpec(
    name="finetune",
    summary="Train a copy of a model on a data set",
    options=FinetuneOptions,
    target="hfshell.session.verbs.finetune:finetune",
    section="Work",
    description=(
        "The model given stays as it was. The best epoch on the validation rows is kept, and measured on the "
        "validation rows. Everything is recorded in a run directory: `load run:ID` finds the model in any "
        "later session. Ctrl-C finishes the step, keeps a checkpoint and gives the prompt back; `--resume` "
        "goes on from there, also after a crash."
    ),
    examples=(
        ("router = finetune base tickets", "three epochs with the defaults"),
        ("router = finetune base tickets --epochs 5 --learning-rate 3e-5", "say more"),
        ("router = finetune base tickets --resume", "go on where it was interrupted"),
    ),
    verb="finetune",
    binds="model",
)
