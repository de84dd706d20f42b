"""All that a plugin may import. Light: no torch, no transformers, no rich.

Within API 1 names are only added. What is to go is kept for two minor releases, with a warning that says
what takes its place; see docs/plugins/compatibility.md.
"""

from hfshell.api.cancel import CancelToken
from hfshell.api.causal import (
    CausalTask,
    TokenRow,
    bare_ids,
    blank_between,
    opening_of,
    prompt_feature,
)
from hfshell.api.context import Context, Engine, Row, TaskData
from hfshell.api.counted import CountedMetric
from hfshell.api.data_files import DataFile
from hfshell.api.events import Event, Note, Progress, Written
from hfshell.api.features import IGNORED, ROW, TRUNCATED, Feature, Features, Window
from hfshell.api.file_heads import FileHead
from hfshell.api.generative import Generated, GenerationOptions, GenerativeTask, generation_arguments
from hfshell.api.graded import Graded
from hfshell.api.guards import Guard
from hfshell.api.hooks import hookimpl
from hfshell.api.kept_rows import KeptRows
from hfshell.api.likelihood import Likelihood, graded_perplexities, perplexities, token_losses
from hfshell.api.model_view import ModelView
from hfshell.api.models import LoadedModel, ModelFolder
from hfshell.api.observations import RunFinished, RunInfo, RunObservation, RunStarted, SessionInfo
from hfshell.api.options import argument, option
from hfshell.api.resampling import ratio, ratio_interval
from hfshell.api.results import (
    EvaluationResult,
    FinetuneOutcome,
    FinetuneResult,
    LabelReport,
    LabelScore,
    Message,
    Metric,
    ModelSummary,
    PredictionResult,
    Result,
    WrongRow,
    register_result,
)
from hfshell.api.roles import Role, RoleKind
from hfshell.api.sequence_heads import LabelHead, LabelsHead, NumberHead
from hfshell.api.specs import (
    API_VERSION,
    CommandSpec,
    DataFormatSpec,
    MetricSpec,
    ModelSourceSpec,
    RendererSpec,
    TaskSpec,
    Verb,
)
from hfshell.api.task import Evaluated, HeadTask, Task
from hfshell.api.view import Bar, Bars, Cell, Line, Span, Stack, Style, Table, View
from hfshell.errors import (
    DataError,
    HfshellError,
    Interrupted,
    ModelError,
    Place,
    PluginError,
    Refused,
    UsageError,
)

__all__ = [
    "API_VERSION",
    "IGNORED",
    "ROW",
    "TRUNCATED",
    "Bar",
    "Bars",
    "CancelToken",
    "CausalTask",
    "Cell",
    "CommandSpec",
    "Context",
    "CountedMetric",
    "DataError",
    "DataFile",
    "DataFormatSpec",
    "Engine",
    "Evaluated",
    "EvaluationResult",
    "Event",
    "Feature",
    "Features",
    "FileHead",
    "FinetuneOutcome",
    "FinetuneResult",
    "Generated",
    "GenerationOptions",
    "GenerativeTask",
    "Graded",
    "Guard",
    "HeadTask",
    "HfshellError",
    "Interrupted",
    "KeptRows",
    "LabelHead",
    "LabelReport",
    "LabelScore",
    "LabelsHead",
    "Likelihood",
    "Line",
    "LoadedModel",
    "Message",
    "Metric",
    "MetricSpec",
    "ModelError",
    "ModelFolder",
    "ModelSourceSpec",
    "ModelSummary",
    "ModelView",
    "Note",
    "NumberHead",
    "Place",
    "PluginError",
    "PredictionResult",
    "Progress",
    "Refused",
    "RendererSpec",
    "Result",
    "Role",
    "RoleKind",
    "Row",
    "RunFinished",
    "RunInfo",
    "RunObservation",
    "RunStarted",
    "SessionInfo",
    "Span",
    "Stack",
    "Style",
    "Table",
    "Task",
    "TaskData",
    "TaskSpec",
    "TokenRow",
    "UsageError",
    "Verb",
    "View",
    "Window",
    "Written",
    "WrongRow",
    "argument",
    "bare_ids",
    "blank_between",
    "generation_arguments",
    "graded_perplexities",
    "hookimpl",
    "opening_of",
    "option",
    "perplexities",
    "prompt_feature",
    "ratio",
    "ratio_interval",
    "register_result",
    "token_losses",
]
