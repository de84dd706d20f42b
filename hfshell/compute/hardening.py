"""A mixin that makes a transformers `Trainer` safe to run in a session that lives on.

`class MyTrainer(HardenedTrainerMixin, transformers.Trainer)`, and likewise over trainers that build on it
(TRL's, sentence-transformers'). What it changes, each against a fault that was measured:

- a loss or gradient norm that is not finite stops the run before the weights take the step;
- gradient accumulation gives the loss and gradients of the whole batch, also for heads whose loss ignores
  `num_items_in_batch` (a `compute_loss_func` that ignores it needs transformers 5.19);
- checkpoints are staged, synced, checksummed and renamed; a run goes on only from one that is whole and was
  made by the same request; `training_args.bin`, a pickle, is neither written nor read;
- the model and the process are as before when a run ends, also when it ends by an exception.

`TrainingArguments` resets accelerate's state when it is made, before a mixin can act: wrap the making of both
and the run in `hfshell.compute.surroundings.accelerator_state_kept`.
"""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import transformers

from hfshell.api import Guard
from hfshell.compute import checkpoints
from hfshell.compute.surroundings import module_kept, random_state_kept, use_cache_kept
from hfshell.errors import Refused, TrainingError
from hfshell.storage import staged_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from transformers import Trainer as _Trainer

    from hfshell.compute.checkpoints import Checkpoint
else:
    _Trainer = object

_TRAINING_ARGUMENTS = "training_args.bin"


def refuse(guard: Guard) -> None:
    """Answer a guard where nobody can allow anything: refuse what refuses.

    Raises:
        Refused: the guard's severity says so.
    """
    if guard.severity == "refuse":
        raise Refused(guard.name, guard.message, hint=guard.hint)


@dataclass(frozen=True)
class Hardening:
    """How a hardened run writes its checkpoints and whom it asks.

    Attributes:
        identity: what the run is (data, request, seed, …), JSON types only; recorded in each checkpoint, and
            compared on resume.
        newest: how many of the newest checkpoints are kept beside the best one.
        guard: hears about a checkpoint of another request (`resume`); may raise `Refused`.
    """

    identity: Mapping[str, Any] = field(default_factory=dict)
    newest: int = 2
    guard: Callable[[Guard], None] = refuse


class HardenedTrainerMixin(_Trainer):  # type: ignore[misc]  # transformers is not typed
    """Mix in before a Trainer class; see the module. Takes one more argument, `hardening`."""

    def __init__(self, *args: Any, hardening: Hardening | None = None, **kwargs: Any) -> None:
        self.hardening = hardening or Hardening()
        self._staging: Path | None = None
        self._loss_uses_count: bool | None = None
        self._accepted: Path | None = None
        model = kwargs["model"] if "model" in kwargs else next(iter(args), None)
        with random_state_kept(), use_cache_kept(model):
            super().__init__(*args, **kwargs)
        if self.args.world_size > 1:
            raise TrainingError("training in several processes is not supported")
        self.args.logging_nan_inf_filter = False

    # ---- a run, and what it leaves behind

    def train(self, resume_from_checkpoint: str | bool | None = None, *args: Any, **kwargs: Any) -> Any:
        """Train, as `Trainer.train` does.

        Args:
            resume_from_checkpoint: a checkpoint's folder, or True for the newest whole one in `output_dir`;
                one that is damaged is never loaded.
            *args: as for `Trainer.train`.
            **kwargs: likewise.

        Raises:
            TrainingError: a loss or gradient is not finite, or the checkpoint is not whole.
            Refused: the checkpoint was made by another request.
            StorageError: a checkpoint could not be written; the ones before it are as they were.
        """
        start = self._start(resume_from_checkpoint)
        with random_state_kept(), module_kept(self.model):
            if hasattr(self.model, "config"):
                self.model.config.use_cache = self.args.use_cache
            transformers.set_seed(self.args.seed)
            try:
                return super().train(start, *args, **kwargs)
            finally:
                self.is_in_train = False

    def load_weights(self, folder: Path) -> None:
        """Put a checkpoint's weights into the model, and nothing else of it.

        Raises:
            TrainingError: it is not whole.
        """
        checkpoints.open_checkpoint(folder)
        self._load_from_checkpoint(str(folder))

    def require_same_request(self, checkpoint: Checkpoint) -> None:
        """Ask the guard, once, about a checkpoint that another request made.

        Raises:
            Refused: by the guard; the message says what changed.
        """
        if checkpoint.folder == self._accepted:
            return
        if changed := checkpoints.differences(checkpoint.identity, self.hardening.identity):
            message = f"{checkpoint.folder.name} was made by another request: {'; '.join(changed)}"
            hint = "ask for the same as before, or start without resuming"
            self.hardening.guard(Guard("resume", "refuse", message, hint))
        if changed := checkpoints.changed_versions(checkpoint.identity, self.hardening.identity):
            message = f"weights may differ in the last digits from a run in one go: {'; '.join(changed)}"
            self.hardening.guard(Guard("resume-versions", "warn", message))
        self._accepted = checkpoint.folder

    def _start(self, resume_from_checkpoint: str | bool | None) -> str | None:
        if not resume_from_checkpoint:
            return None
        if resume_from_checkpoint is True:
            root = Path(self.args.output_dir)
            checkpoint = checkpoints.find_newest(root).newest
            if checkpoint is None:
                raise TrainingError(f"{root} holds no checkpoint that can be resumed from")
        else:
            checkpoint = checkpoints.open_checkpoint(Path(resume_from_checkpoint))
        self.require_same_request(checkpoint)
        return str(checkpoint.folder)

    # ---- numbers that are not finite

    def training_step(self, *args: Any, **kwargs: Any) -> torch.Tensor:
        """Do a forward and a backward pass, and stop on a loss that is not finite."""
        loss: torch.Tensor = super().training_step(*args, **kwargs)
        self._require_finite("loss", loss.item())
        return loss

    def _get_grad_norm(self, *args: Any, **kwargs: Any) -> Any:
        norm = super()._get_grad_norm(*args, **kwargs)
        scaled = getattr(self.accelerator, "scaler", None) is not None  # fp16 overflows and skips, by design
        if norm is not None and not scaled:
            self._require_finite("gradient", float(norm))
        return norm

    def _require_finite(self, what: str, value: float) -> None:
        if not math.isfinite(value):
            self._stop(f"the {what} became {value} at step {self.state.global_step + 1}")

    def _stop(self, message: str) -> None:
        kept = checkpoints.list_checkpoints(Path(self.args.output_dir))
        rest = f"{kept[-1][1].name} is kept" if kept else "no checkpoint was written yet"
        rate = self.args.learning_rate
        hint = f"a lower learning rate than {rate:g} helps most often; look also for odd rows in the data"
        raise TrainingError(f"{message}; {rest}", hint=hint)

    # ---- gradient accumulation

    def get_batch_samples(self, *args: Any, **kwargs: Any) -> tuple[list[Any], Any]:
        """Collect the batches of one step; count their items only for a loss that divides by the count."""
        batches, count = super().get_batch_samples(*args, **kwargs)
        if count is None:
            return batches, None
        said = getattr(self, "loss_is_scaled_for_ga", None)  # a Trainer can say so since transformers 5.19
        if self._loss_uses_count is None and said is None:
            self._loss_uses_count = self._probe_loss(batches[0], count)
        if self._loss_uses_count is not False:
            return batches, count
        self.model_accepts_loss_kwargs = False
        self.loss_is_scaled_for_ga = False
        return batches, None

    def _probe_loss(self, batch: Mapping[str, Any], count: Any) -> bool | None:
        """Return whether the loss follows the item count: halves when it doubles. None when it is 0."""
        training = self.model.training
        self.model.eval()
        with random_state_kept(), torch.no_grad(), self.compute_loss_context_manager():
            once, twice = (
                self.compute_loss(self.model_wrapped, self._prepare_inputs(dict(batch)), num_items_in_batch=n)
                for n in (count, count * 2)
            )
        self.model.train(training)
        once, twice = once.item(), twice.item()
        if once == 0 or not math.isfinite(once):
            return None
        return bool(abs(once - twice) > abs(once) / 4)

    # ---- checkpoints

    def checkpoint_extras(self) -> Mapping[str, str]:
        """Return further files of a checkpoint, text by name. For subclasses."""
        return {}

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        root, step = Path(super()._get_output_dir(trial)), self.state.global_step
        self._require_finite_weights()
        target = checkpoints.checkpoint_path(root, step)
        identity = {**self.hardening.identity, "step": step}
        with staged_folder(target, identity, replace=True, needed=self._checkpoint_bytes()) as folder:
            with self._writing_to(folder):
                super()._save_checkpoint(model, trial)
            for name, text in self.checkpoint_extras().items():
                (folder / name).write_text(text, encoding="utf-8")
            if missing := checkpoints.missing_state(folder):
                raise TrainingError(f"the checkpoint of step {step} is not complete: {'; '.join(missing)}")
        best = self.state.best_global_step
        checkpoints.prune(root, self.hardening.newest, {best} if best else ())

    @contextlib.contextmanager
    def _writing_to(self, folder: Path) -> Any:
        self._staging = folder.parent
        try:
            yield
        finally:
            self._staging = None

    def _get_output_dir(self, trial: Any) -> str:
        """Return where Trainer writes `checkpoint-STEP`: the staging folder while one is filled."""
        return str(self._staging) if self._staging else str(super()._get_output_dir(trial))

    def _save(self, output_dir: str | None = None, *args: Any, **kwargs: Any) -> None:
        super()._save(output_dir, *args, **kwargs)
        (Path(output_dir or self.args.output_dir) / _TRAINING_ARGUMENTS).unlink(missing_ok=True)

    def _require_finite_weights(self) -> None:
        for name, weight in self.model.named_parameters():
            if not torch.isfinite(weight).all():
                self._stop(f"the weights of {name} are not finite after step {self.state.global_step}")

    def _checkpoint_bytes(self) -> int:
        states = getattr(self.optimizer, "state", {}).values()
        moments = (value for state in states for value in state.values() if isinstance(value, torch.Tensor))
        return sum(value.nbytes for value in (*self.model.parameters(), *self.model.buffers(), *moments))
