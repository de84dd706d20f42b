"""What commands return: frozen dataclasses with a versioned `to_dict()`, the same on every way out.

`to_dict()` gives `{"schema": 1, "kind": …}` and the fields, JSON types only; `result_from_dict` reads it
back. Within a schema version fields are only added. `fields()` are the values that `$NAME.field` and
`expect` see.
"""

from hfshell.api.results.base import (
    Result,
    Scalar,
    register_result,
    result_from_dict,
)
from hfshell.api.results.chat import ChatReply, SubPrompt
from hfshell.api.results.data import (
    AugmentedData,
    AugmentedText,
    DataSample,
    DataSummary,
    Finding,
    LabelCount,
    RoleFound,
    RoleShown,
    SplitSummary,
)
from hfshell.api.results.models import (
    ModelRow,
    ModelSummary,
    ModelTable,
    Saved,
    Unloaded,
)
from hfshell.api.results.sessions import (
    Holding,
    SessionChanged,
    SessionRow,
    SessionTable,
    Undone,
    UndoneName,
)
from hfshell.api.results.settings import (
    AliasRow,
    AliasTable,
    SettingRow,
    SettingShown,
    SettingTable,
)
from hfshell.api.results.shell import (
    CheckRow,
    Expectation,
    HelpEntry,
    HelpOption,
    HelpOverview,
    HelpPage,
    HistoryTable,
    KernelStatus,
    Message,
    PluginCheck,
    PluginRow,
    PluginTable,
    Value,
)
from hfshell.api.results.work import (
    EvaluationResult,
    FinetuneOutcome,
    FinetuneResult,
    LabelReport,
    LabelScore,
    Metric,
    PredictionResult,
    WrongRow,
)

__all__ = [
    "AliasRow",
    "AliasTable",
    "AugmentedData",
    "AugmentedText",
    "ChatReply",
    "CheckRow",
    "DataSample",
    "DataSummary",
    "EvaluationResult",
    "Expectation",
    "Finding",
    "FinetuneOutcome",
    "FinetuneResult",
    "HelpEntry",
    "HelpOption",
    "HelpOverview",
    "HelpPage",
    "HistoryTable",
    "Holding",
    "KernelStatus",
    "LabelCount",
    "LabelReport",
    "LabelScore",
    "Message",
    "Metric",
    "ModelRow",
    "ModelSummary",
    "ModelTable",
    "PluginCheck",
    "PluginRow",
    "PluginTable",
    "PredictionResult",
    "Result",
    "RoleFound",
    "RoleShown",
    "Saved",
    "Scalar",
    "SessionChanged",
    "SessionRow",
    "SessionTable",
    "SettingRow",
    "SettingShown",
    "SettingTable",
    "SplitSummary",
    "SubPrompt",
    "Undone",
    "UndoneName",
    "Unloaded",
    "Value",
    "WrongRow",
    "register_result",
    "result_from_dict",
]
