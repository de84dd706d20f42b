"""Image classification: pictures that are read, and the contract that a stranger's task has to keep."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from PIL import Image

from hfshell.api import DataError, DataFile, ModelError, ModelView, Place, UsageError
from hfshell.testing import Outcome, TaskConformance
from hfshell.testing.tiny_files import picture
from hfshell_tasks.image_classification.picture import read
from hfshell_tasks.image_classification.task import ImageClassification

SIDE = 24


def vit(folder: Path, *labels: str) -> Path:
    """Write a vision transformer of one layer; with labels it has a head."""
    import torch
    import transformers

    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    config = transformers.ViTConfig(**sizes, image_size=SIDE, patch_size=8, id2label=dict(enumerate(labels)))
    made = transformers.ViTForImageClassification(config) if labels else transformers.ViTModel(config)
    made.save_pretrained(folder)
    _save_processor("ViT", folder)
    return folder


def convnet(kind: str, folder: Path) -> Path:
    """Write a small ResNet or ConvNeXt without a head."""
    import torch
    import transformers

    torch.manual_seed(0)
    if kind == "ResNet":
        config: Any = transformers.ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1])
        transformers.ResNetModel(config).save_pretrained(folder)
    else:
        config = transformers.ConvNextConfig(num_stages=2, hidden_sizes=[8, 16], depths=[1, 1])
        transformers.ConvNextModel(config).save_pretrained(folder)
    _save_processor("ViT", folder)
    return folder


def _save_processor(kind: str, folder: Path) -> None:
    import transformers

    from hfshell.models.quiet import silenced

    with silenced():
        made = getattr(transformers, f"{kind}ImageProcessor")(size={"height": SIDE, "width": SIDE})
    made.save_pretrained(folder)


def photos(folder: Path, count: int = 12) -> Path:
    """Write a folder for each of three labels, of pictures that can be told apart."""
    for topic, label in enumerate(("low", "mid", "top")):
        (folder / label).mkdir(parents=True)
        for number in range(count):
            (folder / label / f"{number}.png").write_bytes(picture(topic, 3 * number + topic))
    return folder


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("L", 7, (7, 7, 7)),
        ("RGBA", (9, 9, 9, 0), (255, 255, 255)),
        ("LA", (9, 0), (255, 255, 255)),
        ("P", 0, (0, 0, 0)),
        ("1", 1, (255, 255, 255)),
    ],
)
def test_pictures_of_any_mode_are_seen_in_colour(tmp_path: Path, mode: str, colour: Any, seen: Any) -> None:
    """A grey picture has three channels, and what can be seen through is white: not what lies behind it."""
    path = tmp_path / "a.png"
    Image.new(mode, (3, 2), colour).save(path)
    found = read(str(path))
    assert (found.mode, found.size, found.getpixel((0, 0))) == ("RGB", (3, 2), seen)


def test_grey_of_16_bits_keeps_its_shades(tmp_path: Path) -> None:
    """X-rays and depth maps have 65,536 of them, and nearly all would be white."""
    shades = np.array([[0, 255, 256], [32768, 65279, 65535]], dtype=np.uint16)
    Image.fromarray(shades).save(tmp_path / "a.png")
    seen = np.asarray(read(str(tmp_path / "a.png")))
    assert (seen == (shades // 256)[..., None]).all()


def test_a_picture_is_turned_as_its_camera_was_held(tmp_path: Path) -> None:
    """A phone writes pictures lying, and says so beside them."""
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (30, 20)).save(path, exif=exif)
    assert read(str(path)).size == (20, 30)


def test_what_is_no_picture_is_said(tmp_path: Path) -> None:
    """A missing file, text, an empty file, a folder, and a format that the endings do not name."""
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "folder.png").mkdir()
    Image.new("RGB", (3, 3)).save(tmp_path / "tiff.png", format="TIFF")
    for name in ("missing.png", "text.png", "empty.png", "folder.png", "tiff.png"):
        with pytest.raises(DataError) as error:
            read(str(tmp_path / name))
        assert error.value.place == Place(str(tmp_path / name))


@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "webp", "bmp"])
def test_a_file_that_was_cut_is_said(tmp_path: Path, ending: str) -> None:
    """Half a picture is what a broken download leaves; the rest would be grey."""
    path = tmp_path / f"a.{ending}"
    Image.effect_noise((64, 64), 90).convert("RGB").save(path)
    assert read(str(path)).size == (64, 64)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DataError) as error:
        read(str(path))
    assert error.value.place == Place(str(path))


@pytest.mark.parametrize("factor", [1, 3])
def test_a_picture_that_would_take_all_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, factor: int
) -> None:
    """A few bytes can claim to be a picture of gigabytes; Pillow only warns up to twice its limit."""
    Image.new("1", (100, 100 * factor + 10)).save(tmp_path / "bomb.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10_000)
    with pytest.raises(DataError, match="larger than 10,000 pixels"):
        read(str(tmp_path / "bomb.png"))


def test_without_pillow_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra: most people have texts."""
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(UsageError) as error:
        read(str(tmp_path / "a.png"))
    assert "hfshell[images]" in (error.value.hint or "")


def test_a_model_of_texts_is_refused() -> None:
    """Without an image processor nobody knows what the model sees."""
    with pytest.raises(ModelError, match="no pictures"):
        ImageClassification().encode([{"image": "a.png"}], ModelView(object()))


def test_a_broken_picture_is_named_with_its_row(tmp_path: Path) -> None:
    """A file names thousands of them."""
    (tmp_path / "b.png").write_text("no picture")
    named = DataFile(str(tmp_path / "b.png"), Place("photos.csv", 7))

    class Processor:
        model_input_names = ("pixel_values",)

    with pytest.raises(DataError, match=r"b\.png: this is no picture") as error:
        ImageClassification().encode([{"image": named}], ModelView(Processor()))
    assert error.value.place == Place("photos.csv", 7)


def test_folders_of_pictures_through_all_verbs(tmp_path: Path, run_hfsh: Callable[..., Outcome]) -> None:
    """The task is found from the folders, the head is new, and the labels are the folders' names."""
    out = run_hfsh(f"""
        photos = data {photos(tmp_path / "photos", 20)}
        m = finetune {vit(tmp_path / "vit")} photos --epochs 15 --learning-rate 3e-3 --batch-size 8
        e = eval m photos.test
        expect e.accuracy > 0.9
        p = predict m {tmp_path}/photos/top/0.png {tmp_path}/photos/mid/0.png --top-k 1
        save m {tmp_path / "saved"}
        again = load {tmp_path / "saved"}
        q = predict again {tmp_path / "photos" / "low" / "0.png"}
    """)
    out.assert_ok()
    assert out["photos"].tasks == ("image-classification",)
    assert [[item.label for item in row] for row in out["p"].rows] == [["top"], ["mid"]]
    best, *others = out["q"].rows[0]
    assert out["q"].task == "image-classification"
    assert best.label == "low"
    assert {best.label, *(other.label for other in others)} == {"low", "mid", "top"}


@pytest.mark.parametrize("kind", ["ResNet", "ConvNext"])
def test_convolutional_models_are_trained_too(
    tmp_path: Path, run_hfsh: Callable[..., Outcome], kind: str
) -> None:
    """They have neither tokens nor attention."""
    out = run_hfsh(f"""
        m = finetune {convnet(kind, tmp_path / "net")} {photos(tmp_path / "photos", 4)} --epochs 1
        p = predict m {tmp_path / "photos" / "top" / "0.png"}
    """)
    out.assert_ok()
    assert out["m"].task == "image-classification"
    assert sum(item.score for item in out["p"].rows[0]) == pytest.approx(1)


def test_a_new_model_that_sees_learns_no_words(tmp_path: Path, run_hfsh: Callable[..., Outcome]) -> None:
    """It has no tokenizer: texts given to it would have been read for nothing."""
    (tmp_path / "a.txt").write_text("one\ntwo\nthree\n")
    out = run_hfsh(f"eye = new vit {tmp_path / 'a.txt'}")
    (error,) = out.errors
    assert isinstance(error, UsageError)
    assert "reads no texts" in error.message


class TestImageClassification(TaskConformance):
    """The kit's bands of colour, on a tiny vision transformer."""

    task = "image-classification"
    options: ClassVar[dict[str, str]] = {"finetune": "--learning-rate 5e-3 --batch-size 8"}

    def model(self, folder: Path) -> Path:
        """Write a vision transformer of one layer, with a head."""
        return vit(folder, "account", "billing", "delivery")
