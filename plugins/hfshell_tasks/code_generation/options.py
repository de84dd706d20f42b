"""Options that the task adds to the commands."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import GenerationOptions, UsageError, option


@dataclass(frozen=True)
class PredictOptions(GenerationOptions):
    """Options of `predict`."""

    stop: tuple[str, ...] = option(
        (), "Texts that end the writing, and are left out; without them, what follows on a finished function"
    )


@dataclass(frozen=True)
class EvalOptions(PredictOptions):
    """Options of `eval`."""

    run_code: bool = option(
        False, "Run the programs that the model writes, on this machine: limited, but in no sandbox"
    )
    samples: int = option(1, "Programs that are written for each row", minimum=1)
    k: int = option(1, "Also measure pass@k: whether one of k programs passes", minimum=1)
    seconds: float = option(5.0, "Longest time that a program may run with its tests", minimum=0.1)
    memory: int = option(1024, "Most memory of a program, in MiB, where the system can limit it", minimum=64)

    def __post_init__(self) -> None:
        """Refuse what cannot be measured.

        Raises:
            UsageError: fewer samples than `k`, or several samples that would all be the same.
        """
        if self.k > self.samples:
            raise UsageError(
                f"pass@{self.k} wants {self.k} programs a row at least, not {self.samples}",
                hint=f"--samples {self.k}",
            )
        if self.samples > 1 and not self.temperature:
            raise UsageError(
                f"{self.samples} programs of a row would all be the same", hint="--temperature 0.8 draws them"
            )
