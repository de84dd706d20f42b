"""New training rows made of those there are: the edits that need no model, and how all of them are kept."""

from hfshell.data.augmentation.edits import edited
from hfshell.data.augmentation.hidden import Hidden, hide
from hfshell.data.augmentation.rows import Augmentation, augmented, texts_of, write

__all__ = ["Augmentation", "Hidden", "augmented", "edited", "hide", "texts_of", "write"]
