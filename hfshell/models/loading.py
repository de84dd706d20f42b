"""From a model folder to a model in memory, with transformers silent, offline, and free of remote code."""

from __future__ import annotations

import tempfile
import threading
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
import transformers

from hfshell.api.models import LoadedModel, ModelFolder
from hfshell.errors import HfshellError, ModelError, Place
from hfshell.models import fresh, heads, placement, processors
from hfshell.models.beside import read_beside
from hfshell.models.heads import BASE_MODEL, Head
from hfshell.models.inspection import inspect_folder
from hfshell.models.memory import is_out_of_memory
from hfshell.models.quiet import silenced
from hfshell.models.sidecar import read_sidecar, read_trained_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Head", "load_copy", "load_model"]

# from_pretrained patches PreTrainedModel and torch's default dtype for the whole process while it runs: two
# at once leave later models with weights missing or of the wrong type, for good.
_ONE_AT_A_TIME = threading.Lock()

_OFFLINE = {"local_files_only": True, "trust_remote_code": False}


def load_model(
    files: ModelFolder,
    head: Head = BASE_MODEL,
    *,
    dtype: str = "float32",
    device: str = "cpu",
    max_memory: Mapping[str | int, int] | None = None,
) -> LoadedModel:
    """Bring a model into memory, in eval mode.

    Args:
        files: the model, from `sources` or `inspection`.
        head: what it should be able to do.
        dtype: of its weights: a torch name, or `auto` for that of the files.
        device: where it should compute.
        max_memory: see `placement.plan`; None measures what is free. What fits neither the device nor the
            processor's memory stays on disk.

    Returns:
        The model; `new_weights` names what came from no file.

    Raises:
        ModelError: transformers cannot read it, its weights do not fit its config.json or are not finite, or
            its tokenizer does not fit.
    """
    with _ONE_AT_A_TIME, silenced(), _explained(files, head):
        config, trained_for = heads.configure(files, head)
        processor = processors.load_processor(files)
        weights_type = _dtype(config, dtype)
        device_map: placement.DeviceMap = {"": device}
        if max_memory is not None or not _roomy(files, device):
            device_map = _spread(head, config, weights_type, device, max_memory)
        module, new_weights = _module(files, config, head, weights_type, device_map)
        if _is_untrained(files):
            new_weights = tuple(name for name, _ in module.named_parameters())
        if not new_weights:
            heads.refuse_other_problem(files, head, trained_for)
    module.eval()
    if set(device_map.values()) == {"cpu"}:
        _own_memory(module)
    _refuse_non_finite(files, module)
    processors.fit(files, module, processor)
    return _described(
        LoadedModel(
            files,
            module,
            processor,
            task=head.task,
            device=device,
            new_weights=new_weights,
            plugin=head.plugin,
            beside=read_beside(files.folder) if head.auto_class == BASE_MODEL.auto_class else {},
        ),
        trained_on=read_trained_on(files.folder),
    )


def load_copy(model: LoadedModel, head: Head, *, device: str = "cpu") -> LoadedModel:
    """Load a second, independent model with the weights that a warm one has now, in float32.

    Read again from its folder, for the head that the folder may hold; then what the warm model has is copied
    over it, for the folder may have changed since. When the warm model has this very head, that too.

    Args:
        model: the warm model; it stays as it is.
        head: what the copy should be able to do.
        device: where it should compute.

    Raises:
        ModelError: the model is spread over memory and disk, or the folder is gone or holds another model.
    """
    if any(weight.device.type == "meta" for weight in model.module.parameters()):
        raise ModelError(
            "the model is larger than memory, and cannot be trained", hint="load a smaller one, or add memory"
        )
    files = inspect_folder(model.files.folder, source=model.files.source)
    copy = load_model(files, head, dtype="float32", device=device)
    same_head = type(copy.module) is type(model.module) and copy.labels == model.labels
    source, target = (
        (model.module, copy.module) if same_head else (model.module.base_model, copy.module.base_model)
    )
    try:
        target.load_state_dict(source.state_dict(), strict=False)
    except RuntimeError:
        raise ModelError(
            "the folder holds another model than the one in memory",
            place=Place(str(files.folder)),
            hint="load it again",
        ) from None
    if same_head:
        copy.new_weights = model.new_weights
    return copy


def _described(model: LoadedModel, *, trained_on: frozenset[str]) -> LoadedModel:
    """Fill in what a model's module tells: labels, dtype, counts."""
    module = model.module
    model.labels = heads.labels_of(module, is_new=bool(model.new_weights))
    model.dtype = str(module.dtype).removeprefix("torch.")
    model.parameters = sum(parameter.numel() for parameter in module.parameters())
    tensors = [*module.parameters(), *module.buffers()]
    model.bytes = sum(tensor.nbytes for tensor in tensors if tensor.device.type != "meta")
    model.trained_on = trained_on
    return model


def _dtype(config: Any, name: str) -> torch.dtype:
    found = getattr(config, "dtype", None) or torch.float32 if name == "auto" else getattr(torch, name, None)
    if not isinstance(found, torch.dtype) or not found.is_floating_point:
        raise ModelError(f"weights cannot be {name}", hint="float32, bfloat16, float16, or auto")
    return found


def _roomy(files: ModelFolder, device: str) -> bool:
    return 2 * files.weight_bytes < placement.memory(device).free  # twice: float16 files as float32 weights


def _spread(
    head: Head, config: Any, dtype: torch.dtype, device: str, max_memory: Mapping[str | int, int] | None
) -> placement.DeviceMap:
    with torch.device("meta"):
        skeleton = heads.auto_class(head).from_config(config, trust_remote_code=False)
    return placement.plan(skeleton, device, dtype, max_memory)


def _module(
    files: ModelFolder, config: Any, head: Head, dtype: torch.dtype, device_map: placement.DeviceMap
) -> tuple[Any, tuple[str, ...]]:
    """Read the weights; a head whose labels are not the folder's is made anew."""
    where: dict[str, Any] = {"device_map": device_map}
    offload = None
    if "disk" in device_map.values():
        offload = tempfile.TemporaryDirectory(prefix="hfshell-offload-")
        where["offload_folder"] = offload.name
    with _seeded(head.seed):
        module, report = heads.auto_class(head).from_pretrained(
            files.folder,
            config=config,
            dtype=dtype,
            use_safetensors=True,
            ignore_mismatched_sizes=True,  # judged below, by name
            output_loading_info=True,
            **where,
            **_OFFLINE,
        )
        new = heads.new_weights(files, head, module, report)
        if heads.has_foreign_head(files, head, module, new):
            body = {name: weight.clone() for name, weight in module.base_model.state_dict().items()}
            module, report = type(module).from_pretrained(
                None, config=module.config, state_dict=body, dtype=dtype, output_loading_info=True, **where
            )
            new = tuple(sorted({*new, *report["missing_keys"]}))
    if offload is not None:
        weakref.finalize(module, offload.cleanup)
    return module, new


def _own_memory(module: Any) -> None:
    """Copy weights out of the mapped file: whoever overwrites it would change or kill a warm model."""
    for tensor in (*module.parameters(), *module.buffers()):
        tensor.data = tensor.data.clone()


def _is_untrained(files: ModelFolder) -> bool:
    sidecar = read_sidecar(files.folder)
    return sidecar is not None and sidecar.untrained


def _refuse_non_finite(files: ModelFolder, module: Any) -> None:
    for name, tensor in module.named_parameters():
        if tensor.device.type == "meta" or torch.isfinite(tensor.sum(dtype=torch.float32)):
            continue  # a sum is three times quicker than looking at each number
        bad = int((~torch.isfinite(tensor)).sum())
        if bad:
            raise ModelError(
                f"the weights are not finite: {name} holds {bad:,} NaN or infinite numbers",
                place=Place(str(files.folder)),
                hint="the training that made them diverged; load an earlier checkpoint",
            )


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Make a new head's random weights a function of the seed, and leave torch's own state as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


@contextmanager
def _explained(files: ModelFolder, head: Head) -> Iterator[None]:
    """Turn whatever transformers raises into one line with a next step.

    The exception itself is dropped: its traceback would pin the half-made model in memory.
    """
    try:
        yield
    except HfshellError:
        raise
    except Exception as error:  # transformers raises OSError, ValueError, KeyError, … without a common base  # noqa: BLE001
        if "Unrecognized configuration class" in str(error):  # which no file is to blame for
            raise _other_kind(files, head) from None
        message, hint = _explanation(error, files)
        raise ModelError(message, place=Place(str(files.folder)), hint=hint) from None


def _other_kind(files: ModelFolder, head: Head) -> ModelError:
    return ModelError(
        f"transformers has no {head.auto_class} for {files.model_type} models",
        hint=fresh.other_kind([head.auto_class.removeprefix("AutoModel")]),
    )


def _explanation(error: Exception, files: ModelFolder) -> tuple[str, str | None]:
    text = str(error).strip() or type(error).__name__
    if "does not recognize this architecture" in text:
        return (
            f"transformers {transformers.__version__} does not know the architecture {files.model_type}",
            "a newer transformers may: `pip install -U transformers`",
        )
    if is_out_of_memory(error):
        return (
            f"out of memory: the weights need {files.weight_bytes / 1e9:.1f} GB",
            "`unload` models that are not needed, or load with a smaller --dtype",
        )
    if isinstance(error, ImportError):
        return f"the model needs a package that is not installed: {text.splitlines()[0]}", None
    return f"transformers cannot load the model: {type(error).__name__}: {text.splitlines()[0]}", None
