"""Declarations that plugins return: data, read without running any of their code.

Each names what does the work as `target`, `"package.module:attribute"`, which is imported on first use. All
but the options (dataclass types) are JSON types, so that a declaration can be kept in a file: the shell knows
what a plugin gives without ever importing it.
"""

from hfshell.api.specs.command import CommandSpec
from hfshell.api.specs.data_format import DataFormatSpec
from hfshell.api.specs.metric import MetricSpec
from hfshell.api.specs.model_source import ModelSourceSpec
from hfshell.api.specs.renderer import RendererSpec
from hfshell.api.specs.task import VERBS, TaskSpec, Verb
from hfshell.api.specs.version import API_VERSION

Spec = TaskSpec | CommandSpec | ModelSourceSpec | DataFormatSpec | MetricSpec | RendererSpec

__all__ = [
    "API_VERSION",
    "VERBS",
    "CommandSpec",
    "DataFormatSpec",
    "MetricSpec",
    "ModelSourceSpec",
    "RendererSpec",
    "Spec",
    "TaskSpec",
    "Verb",
]
