"""`augment`: more rows to train on."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument, option
from hfshell.api.specs import CommandSpec
from hfshell.commands.allowing import allow_option


@dataclass(frozen=True)
class AugmentOptions:
    """Options of `augment`."""

    data: str = argument("A bound data set, or a file", complete="data", metavar="DATA")
    method: str = option("words", "How texts are changed", choices=("words", "mask", "back-translation"))
    model: str | None = option(
        None, "A model that fills masks; or one that translates into another language", complete="model"
    )
    model_back: str | None = option(None, "A model that translates back", complete="model")
    copies: int = option(1, "New rows for each training row, at most", minimum=1)
    rate: float = option(0.15, "Share of a text's words that change, one at least", minimum=0, maximum=0.5)
    seed: int | None = option(None, "Seed of what is drawn; the session's without it", minimum=0)
    allow: tuple[str, ...] = allow_option()


COMMAND = CommandSpec(
    name="augment",
    summary="Make more rows to train on, with other words and the same labels",
    options=AugmentOptions,
    target="hfshell.session.verbs.augment:augment",
    section="Data",
    description=(
        "Binds a data set with the training rows as they are and edited ones behind them; validation and "
        "test stay untouched. `words` swaps words or leaves some out, `mask` has a model put other words in "
        "their place, `back-translation` translates there and back. Of the first two, negations and the "
        "words right behind them are left alone. Texts that train has already, or that validation or test "
        "has, are dropped. Data whose answers have a place in the text, or are texts themselves, is refused. "
        "Whether a label still holds, nobody can promise: look at the examples, and let `eval` decide."
    ),
    examples=(
        ("big = augment tickets --copies 2", "then `finetune base big`"),
        ("big = augment tickets --method mask --model ./filler", "words that a model finds likely"),
        ("big = augment tickets --method back-translation --model ende --model-back deen", "two models"),
    ),
    binds="data",
)
