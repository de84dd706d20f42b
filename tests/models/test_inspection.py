"""A model folder is read without torch, and whatever is wrong with it is one clear error."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from hfshell.errors import HfshellError, ModelError, Refused
from hfshell.models.inspection import inspect_folder
from hfshell.models.loading import Head, load_model
from hfshell.models.saving import save_model
from tests.models import tiny


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole classifier that a test may damage."""
    return tiny.bert(tmp_path / "model", labels=("billing", "refunds"))


def change_json(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes, indent=2))


def fault(folder: Path) -> HfshellError:
    """Inspect a damaged folder; return the error after checking what every error must have."""
    with pytest.raises((ModelError, Refused)) as caught:
        inspect_folder(folder, source="x")
    error = caught.value
    assert "\n" not in error.message
    assert not error.message.endswith(".")
    assert error.place is not None
    assert str(folder) in error.place.file
    return error


def test_describes_a_whole_folder(folder: Path) -> None:
    """Labels, architecture, size and length limit are known before anything is loaded."""
    found = inspect_folder(folder, source="x")
    assert found.architectures == ("BertForSequenceClassification",)
    assert found.model_type == "bert"
    assert found.labels == ("billing", "refunds")
    assert found.weight_bytes == (folder / "model.safetensors").stat().st_size
    assert found.max_length == 64
    assert found.task is None


def test_needs_no_torch(folder: Path) -> None:
    """The check costs milliseconds: it must not wait for torch to be imported."""
    code = (
        "import sys, pathlib, hfshell.models.sources; from hfshell.models.inspection import inspect_folder; "
        f"inspect_folder(pathlib.Path({str(folder)!r}), source='x'); "
        "assert not {'torch', 'transformers'} & set(sys.modules), 'heavy import'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_starter_model_is_whole(minilm: Path) -> None:
    """The model that everybody starts with passes, with its real limits."""
    found = inspect_folder(minilm, source="starter:minilm")
    assert (found.model_type, found.labels, found.max_length) == ("bert", (), 512)


def test_numbered_labels_are_no_labels(tmp_path: Path) -> None:
    """LABEL_0, LABEL_1 are what transformers writes when nobody named them."""
    folder = tiny.bert(tmp_path / "m", labels=("LABEL_0", "LABEL_1"))
    assert inspect_folder(folder, source="x").labels == ()


def test_more_than_ten_labels_keep_their_order(tmp_path: Path) -> None:
    """Keys of id2label are strings: sorted as such, 10 would stand before 2."""
    labels = tuple(f"queue {number}" for number in range(12))
    folder = tiny.bert(tmp_path / "m", labels=labels)
    assert inspect_folder(folder, source="x").labels == labels


def test_roberta_positions_begin_after_padding(tmp_path: Path) -> None:
    """514 rows of positions serve 512 tokens when counting begins behind the padding token."""
    folder = tiny.bert(tmp_path / "m", max_position_embeddings=514, pad_token_id=1)
    change_json(folder / "config.json", model_type="roberta")
    change_json(folder / "tokenizer_config.json", model_max_length=10**30)
    assert inspect_folder(folder, source="x").max_length == 512


def test_folder_missing(tmp_path: Path) -> None:
    """A path with nothing there."""
    assert "no such folder" in fault(tmp_path / "nowhere").message


def test_file_instead_of_folder(folder: Path) -> None:
    """People point at the weights file."""
    assert "is a file" in fault(folder / "model.safetensors").message


def test_empty_folder(tmp_path: Path) -> None:
    """A copy that never began."""
    (tmp_path / "empty").mkdir()
    error = fault(tmp_path / "empty")
    assert "config.json is missing" in error.message
    assert error.hint is not None
    assert "empty" in error.hint


def test_config_one_level_down_is_offered(folder: Path) -> None:
    """Run folders and the Hub's cache keep the model further down."""
    error = fault(folder.parent)
    assert error.hint == f"did you mean {folder}?"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\0\0\0\0", "is empty"),
        (b'{"model_type": "bert",\n "x": }', "is not JSON"),
        (b"[1, 2]", "is not a JSON object"),
        (b'{"a": "\xff\xfe"}', "is not UTF-8"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"architectures": ["BertModel"]}', "does not say which architecture"),
    ],
)
def test_config_unreadable(folder: Path, content: bytes, said: str) -> None:
    """Every way in which config.json is no configuration."""
    (folder / "config.json").write_bytes(content)
    assert said in fault(folder).message


def test_config_error_names_the_line(folder: Path) -> None:
    """A JSON error points at its line and column."""
    (folder / "config.json").write_text('{"model_type": "bert",\n "x": }')
    place = fault(folder).place
    assert place is not None
    assert (place.line, place.column, place.text) == (2, 7, ' "x": }')


def test_config_is_a_pipe(folder: Path) -> None:
    """Opening a pipe would wait for ever."""
    (folder / "config.json").unlink()
    os.mkfifo(folder / "config.json")
    assert "is missing" in fault(folder).message


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("config.json", {"auto_map": {"AutoModel": "evil--modeling.Evil"}}),
        ("config.json", {"_attn_implementation": "somebody/kernel"}),
        ("config.json", {"attn_implementation": {"text_config": "somebody/kernel"}}),
        ("config.json", {"_experts_implementation_internal": "somebody/kernel:experts"}),
        ("config.json", {"text_config": [{"deep": {"auto_map": {"AutoConfig": "a.B"}}}]}),
        ("config.json", {"trust_remote_code": True}),
        ("config.json", {"custom_pipelines": {"x": {"impl": "evil.Pipeline"}}}),
        ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["evil.Tok", None]}}),
        ("generation_config.json", {"custom_generate": "somebody/decoding"}),
    ],
)
def test_code_in_a_configuration_is_refused(folder: Path, file: str, changes: dict[str, Any]) -> None:
    """No configuration may name code, wherever it hides it."""
    if not (folder / file).exists():
        (folder / file).write_text("{}")
    change_json(folder / file, **changes)
    error = fault(folder)
    assert isinstance(error, Refused)
    assert error.guard == "remote-code"
    assert file in error.message
    assert error.place is not None
    assert error.place.line is not None


def test_native_attention_is_no_code(folder: Path) -> None:
    """`sdpa` and an empty auto_map are no reason to refuse."""
    change_json(folder / "config.json", _attn_implementation="sdpa", auto_map={})
    assert inspect_folder(folder, source="x").model_type == "bert"


def test_weights_missing(folder: Path) -> None:
    """Configuration and tokenizer alone."""
    (folder / "model.safetensors").unlink()
    assert "model.safetensors is missing" in fault(folder).message


def test_weights_are_a_dangling_link(folder: Path) -> None:
    """The Hub's cache is made of links; a copy of it may not be."""
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").symlink_to("../../blobs/gone")
    assert "No such file" in fault(folder).message


@pytest.mark.parametrize("kept", [0, 5, 100, 5_000, -1])
def test_weights_cut_short(folder: Path, kept: int) -> None:
    """A half-copied file is known from its header, wherever it was cut."""
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:kept])
    error = fault(folder)
    assert any(word in error.message for word in ("empty", "half-copied", "not a safetensors"))
    assert "model.safetensors" in error.message


def test_half_copied_says_how_much(folder: Path) -> None:
    """The bytes there and the bytes due."""
    path = folder / "model.safetensors"
    whole = path.stat().st_size
    os.truncate(path, 60_000)
    assert f"60,000 of {whole:,} bytes" in fault(folder).message


def test_weights_with_bytes_to_spare(folder: Path) -> None:
    """Bytes behind the last tensor mean that header and data are of two files."""
    with (folder / "model.safetensors").open("ab") as file:
        file.write(b"x" * 17)
    assert "17 bytes more" in fault(folder).message


@pytest.mark.parametrize(
    "header",
    [
        b"{}",
        b"not json at all!",
        b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        b'{"w":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}',
        b'{"w":{"dtype":"F32","shape":[9],"data_offsets":[0,4]}}',
        b'{"w":{"dtype":"F32","shape":[1]}}',
        b'{"w":[]}',
    ],
)
def test_header_damaged(folder: Path, header: bytes) -> None:
    """Headers that no honest writer makes."""
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + b"\0\0\0\0")
    assert "model.safetensors" in fault(folder).message


def test_header_length_absurd(folder: Path) -> None:
    """A length of 2**60 must not be read, allocated or believed."""
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", 2**60) + b"{}")
    assert "not a safetensors file" in fault(folder).message


def test_git_lfs_pointer(folder: Path) -> None:
    """A clone without git-lfs holds 130 bytes of text instead of weights."""
    (folder / "model.safetensors").write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    )
    error = fault(folder)
    assert "git-lfs pointer" in error.message
    assert error.hint is not None
    assert "git lfs pull" in error.hint


@pytest.fixture
def sharded(tmp_path: Path) -> Path:
    """A model in several files with an index."""
    import transformers

    folder = tiny.bert(tmp_path / "sharded")
    module = transformers.BertModel.from_pretrained(folder)
    (folder / "model.safetensors").unlink()
    module.save_pretrained(folder, max_shard_size="40KB")
    return folder


def test_shards_are_all_there(sharded: Path) -> None:
    """Several files count together, and load."""
    found = inspect_folder(sharded, source="x")
    assert found.weight_bytes == sum(path.stat().st_size for path in sharded.glob("*.safetensors"))
    assert load_model(found).new_weights == ()


def test_shard_missing(sharded: Path) -> None:
    """One missing shard is half a copy."""
    sorted(sharded.glob("*.safetensors"))[1].unlink()
    error = fault(sharded)
    assert "half-copied" in error.message
    assert "model-00002-of" in error.message


def test_index_missing(sharded: Path) -> None:
    """Shards without an index are half a copy too."""
    (sharded / "model.safetensors.index.json").unlink()
    assert "index.json is missing" in fault(sharded).message


@pytest.mark.parametrize("weight_map", [{}, None, {"w": "../../../etc/passwd"}, {"w": 7}])
def test_index_leads_elsewhere(sharded: Path, weight_map: Any) -> None:
    """An index must name files of its own folder."""
    change_json(sharded / "model.safetensors.index.json", weight_map=weight_map)
    assert "index.json" in fault(sharded).message


@pytest.mark.slow
def test_pickle_is_refused_and_its_hint_works(folder: Path) -> None:
    """Pickled weights are not opened; the conversion that is offered keeps every weight."""
    weights = load_file(folder / "model.safetensors")
    before = tiny.checksum(load_model(tiny.files(folder), Head("AutoModelForSequenceClassification")).module)
    (folder / "model.safetensors").unlink()
    torch.save(weights, folder / "pytorch_model.bin")
    error = fault(folder)
    assert "pickle (pytorch_model.bin)" in error.message
    assert error.hint is not None
    command = error.hint.removeprefix("convert it once: ").replace("python", sys.executable, 1)
    subprocess.run(command, shell=True, check=True)
    after = tiny.checksum(load_model(tiny.files(folder), Head("AutoModelForSequenceClassification")).module)
    assert after == before


def test_pickle_is_never_opened(folder: Path, tmp_path: Path) -> None:
    """A hostile pickle's code does not run."""
    canary = tmp_path / "ran"
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(f"cos\nsystem\n(S'touch {canary}'\ntR.".encode())
    assert "pickle" in fault(folder).message
    assert not canary.exists()


def test_training_leftovers_are_no_weights(folder: Path) -> None:
    """optimizer.pt and training_args.bin are pickles, but not a model's weights."""
    (folder / "model.safetensors").unlink()
    (folder / "training_args.bin").write_bytes(b"x")
    assert "there are no weights" in fault(folder).message


def test_other_formats_are_named(folder: Path) -> None:
    """GGUF and ONNX are models, but not ours to load."""
    (folder / "model.safetensors").rename(folder / "model-q4.gguf")
    assert "model-q4.gguf" in fault(folder).message


def test_adapter_is_no_model(folder: Path) -> None:
    """An adapter would make transformers load whatever base it names."""
    (folder / "adapter_config.json").write_text('{"base_model_name_or_path": "org/base"}')
    error = fault(folder)
    assert "adapter" in error.message
    assert error.hint is not None
    assert "org/base" in error.hint


@pytest.mark.parametrize("id2label", [{"0": "a", "2": "b"}, {"x": "a"}, {"1": "a", "2": "b"}])
def test_labels_with_holes(folder: Path, id2label: dict[str, str]) -> None:
    """Labels that are not numbered 0, 1, 2, … would be matched wrongly."""
    change_json(folder / "config.json", id2label=id2label)
    assert "id2label" in fault(folder).message


def test_flipped_bit_in_a_saved_model(folder: Path, tmp_path: Path) -> None:
    """Safetensors has no checksum; the manifest of a saved model has."""
    model = load_model(tiny.files(folder), Head("AutoModelForSequenceClassification", "text-classification"))
    save_model(model, tmp_path / "saved")
    assert inspect_folder(tmp_path / "saved", source="x").task == "text-classification"
    path = tmp_path / "saved" / "model.safetensors"
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    assert "was changed after it was saved" in fault(tmp_path / "saved").message


def test_copy_of_a_copy_is_whole(folder: Path, tmp_path: Path) -> None:
    """Copying a folder does not make it suspicious."""
    shutil.copytree(folder, tmp_path / "copy")
    assert inspect_folder(tmp_path / "copy", source="x").labels == ("billing", "refunds")
