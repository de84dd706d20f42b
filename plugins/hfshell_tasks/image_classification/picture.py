"""Pictures out of files, by Pillow."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from hfshell.api import DataError, Place, UsageError
from hfshell_tasks.image_classification import ENDINGS

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
"""Those that the endings stand for; Pillow has readers for many more, which few people ever look at."""


def read(path: str) -> Any:
    """Return a file's picture, in colour and turned as its camera was held; of several the first.

    Args:
        path: a picture of one of `FORMATS`, whatever its name says.

    Returns:
        A Pillow image of the mode RGB; what can be seen through is white.

    Raises:
        DataError: there is no such file, it is no such picture, cut, damaged, or so large that opening it
            would take all memory.
        UsageError: Pillow is not installed.
    """
    try:
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ImportError:
        raise UsageError("pictures need Pillow", hint="pip install 'hfshell[images]'") from None
    place, file = Place(path), Path(path).expanduser()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=FORMATS) as image:
                return _in_colour(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        most = f"{Image.MAX_IMAGE_PIXELS:,}"
        hint = "make it smaller: the model sees a few hundred pixels"
        raise DataError(f"the picture is larger than {most} pixels", place=place, hint=hint) from None
    except UnidentifiedImageError:
        hint = f"it may be {', '.join(ending.removeprefix('.') for ending in ENDINGS)}"
        raise DataError("this is no picture that can be read", place=place, hint=hint) from None
    except (OSError, EOFError, ValueError, SyntaxError, IndexError, TypeError) as error:
        # Pillow's readers raise SyntaxError, IndexError and more at damaged files.
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise DataError(f"no picture can be read: {reason}", place=place) from None


def _in_colour(image: Any) -> Any:
    from PIL import Image

    if image.mode.startswith("I"):  # 16 bits of grey: Pillow would make all but the darkest 256 shades white
        return image.convert("I").point(lambda shade: shade * (1 / 256)).convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen_through = image.convert("RGBA")
    white = Image.new("RGBA", seen_through.size, "white")
    return Image.alpha_composite(white, seen_through).convert("RGB")
