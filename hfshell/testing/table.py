"""All checks, in the order in which they run: what each one needs stands before it."""

from __future__ import annotations

from hfshell.testing.checks import (
    behaving,
    declaring,
    exemplifying,
    keeping,
    measuring,
    predicting,
    training,
)
from hfshell.testing.verdict import Check

_DECLARED = ("declaration",)
_RESOLVED = ("targets",)
_LOADED = ("load",)
_PREDICTED = ("predict",)
_REPEATED = ("seed",)
"""Predictions that change from one time to the next cannot be compared with anything."""

CHECKS: tuple[Check, ...] = (
    Check("import", "the module that declares it can be imported", declaring.imports),
    Check("light", "that module imports nothing heavy, prints nothing, starts nothing", declaring.is_light,
          ("import",)),
    Check("declaration", "what it declares is in the contract, and the same whenever it is asked",
          declaring.declares, ("import",)),
    Check("entry-point", "the task is listed under its own name", declaring.is_listed, _DECLARED),
    Check("targets", "what its declarations name is there, and has the methods", declaring.targets_resolve,
          _DECLARED),
    Check("options", "options have help, defaults in range, and refuse what they cannot take",
          declaring.options_hold, _RESOLVED),
    Check("examples", "the examples are lines that the shell takes, with the task's options and roles",
          exemplifying.examples_parse, _DECLARED),
    Check("device", "no device is named in its code", behaving.names_no_device, _RESOLVED),
    Check("load", "a model loads, and loading it again shares it", keeping.loads_once, _RESOLVED),
    Check("finetune", "training says how far it is, and gives a new model", training.trains, _LOADED),
    Check("predict", "each row gets one prediction, of JSON types", predicting.predicts,
          ("load", "finetune")),
    Check("seed", "the same seed gives the same predictions", predicting.repeats, _PREDICTED),
    Check("order", "predictions come in the order of the rows", predicting.keeps_order, _REPEATED),
    Check("alone", "a row is predicted alike alone and among others", predicting.predicts_alone,
          ("order",)),
    Check("empty", "no rows give no predictions", predicting.takes_nothing, _PREDICTED),
    Check("eval", "metrics are declared, finite, in range, and the same again", measuring.measures,
          _PREDICTED),
    Check("reload", "what was trained predicts alike when it is read from its run", keeping.comes_back,
          ("finetune", *_REPEATED)),
    Check("save", "a saved model predicts alike when it is read again", keeping.saves,
          ("reload", *_REPEATED)),
    Check("base", "training leaves the model that it began with as it was", training.leaves_base,
          ("finetune", *_REPEATED)),
    Check("cancel", "Ctrl-C stops a training, and the session works on", training.stops,
          ("finetune", *_PREDICTED)),
    Check("unload", "an unloaded model gives its memory back", keeping.lets_go, _LOADED),
    Check("errors", "what users do wrong is told to them, not thrown at them", behaving.errs_readably,
          _PREDICTED),
    Check("screens", "results fit screens of 40, 80 and 120 cells, and JSON", behaving.shows,
          ("load", "finetune", "predict", "eval")),
    Check("quiet", "it prints nothing, and leaves its surroundings as they were", behaving.leaves_no_trace,
          ("load", "finetune", "predict")),
)  # fmt: skip
