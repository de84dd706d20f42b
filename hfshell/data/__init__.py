"""Readers, roles, splits, audit and fingerprints: from a file's name to rows that a task can use."""

from hfshell.data.dataset import DataSet
from hfshell.data.fingerprint import row_key
from hfshell.data.foreign_formats import ForeignFormat, Formats
from hfshell.data.load import load_data, load_recipe
from hfshell.data.options import DataOptions
from hfshell.data.roles import RolesFound, find_roles
from hfshell.data.summary import sample, summarise

__all__ = [
    "DataOptions",
    "DataSet",
    "ForeignFormat",
    "Formats",
    "RolesFound",
    "find_roles",
    "load_data",
    "load_recipe",
    "row_key",
    "sample",
    "summarise",
]
