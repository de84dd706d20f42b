"""Programs that a causal model writes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hfshell.api import (
    CausalTask,
    DataError,
    Features,
    Generated,
    Graded,
    Guard,
    KeptRows,
    Likelihood,
    Metric,
    ModelView,
    Note,
    Progress,
    Refused,
    Row,
    TokenRow,
    bare_ids,
    generation_arguments,
    graded_perplexities,
    opening_of,
    prompt_feature,
)
from hfshell_tasks.code_generation.options import EvalOptions, PredictOptions
from hfshell_tasks.code_generation.pass_at_k import measured
from hfshell_tasks.code_generation.programs import STOPS, asked, asked_in_chat, checks_of, code_in, program
from hfshell_tasks.code_generation.running import Ending, Limits, Outcome, run

if TYPE_CHECKING:
    from hfshell.api import Context, FinetuneOutcome, LoadedModel, TaskData

_AT_ONCE = 4
_LEAST_ROOM = 4
"""A prompt may take all of what the model reads but a quarter, so that there is room for a program."""

_ENDINGS: dict[Ending, str] = {
    "passed": "passed",
    "failed": "failed a test",
    "error": "raised an error",
    "syntax": "were no Python",
    "timeout": "took too long",
    "ended": "ended before their tests",
}

_ENDED: dict[Ending, str] = {**_ENDINGS, "syntax": "is no Python", "ended": "ended before its tests"}
"""The same of one program."""


class CodeGeneration(CausalTask):
    """Writes a program for what it is to do; learns from programs."""

    usual_length = 512

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn rows with a program into windows to learn from, and others into prompts."""
        opening, end = opening_of(model.processor), _end(model.processor)
        prompts = [_prompt(row, model.processor) for row in rows]
        codes = [_code(row) for row in rows]
        before = bare_ids(model.processor, prompts)
        whole = bare_ids(
            model.processor, [prompt + code for prompt, code in zip(prompts, codes, strict=True)]
        )
        features = []
        for number, (start, both, row) in enumerate(zip(before, whole, rows, strict=True)):
            if row.get("code") is None:
                features.append(prompt_feature(opening, start, number, _longest_prompt(model)))
                continue
            shared = _shared(start, both)
            ids = [*both, *(end if both[-1:] != end else [])]
            learnt = [place >= shared for place in range(len(ids))]
            features += TokenRow(opening, ids, learnt).windows(number, model.limit)
        return features

    def generation(self, options: Any, model: ModelView) -> Mapping[str, Any]:
        """Say how programs are written, and what ends them."""
        arguments = generation_arguments(options)
        stops = _stops(model)
        return {**arguments, "stop_strings": list(stops)} if stops else arguments

    def decode(
        self, logits: Sequence[Generated], rows: Sequence[Row], model: ModelView
    ) -> Iterator[dict[str, str]]:
        """Yield each program, as the Hub's pipeline calls what was written, and why it ended."""
        stops = _stops(model)
        for written, row in zip(logits, rows, strict=True):
            code = code_in(written.text, row, stops)
            cut = written.finish_reason == "length" and code == written.text
            yield {"generated_text": code, "finish_reason": "length" if cut else "stop"}

    def answer(self, prediction: Mapping[str, str]) -> str:
        """Return the program."""
        return prediction["generated_text"]

    def finetune(self, model: LoadedModel, data: TaskData, options: Any, context: Context) -> FinetuneOutcome:
        """Train a copy of the model on programs, without those that are blank."""
        kept = KeptRows(data, lambda row: bool(str(row.get("code") or "").strip()))
        return super().finetune(model, kept, options, context)

    def eval(
        self, model: LoadedModel, rows: Sequence[Row], options: EvalOptions, context: Context
    ) -> Sequence[Metric]:
        """Write programs, run them with their tests, and measure pass@k.

        After a training, where nobody said that programs may be run, it is the perplexity of right ones.

        Raises:
            Refused: guard `run-code`: nobody said that generated programs may be run.
            DataError: a row has no tests.
        """
        if not options.run_code and hasattr(context.command, "epochs"):
            return self._perplexity(model, rows, options, context)
        _require_leave(options, context)
        tests = [checks_of(row) for row in rows]
        repeated = [row for row in rows for _ in range(options.samples)]
        written = context.engine.generate(self, model, repeated, options, context)
        programs = [program(self.answer(item), row) for item, row in zip(written, repeated, strict=True)]
        jobs = [(code, tests[number // options.samples]) for number, code in enumerate(programs)]
        outcomes = _outcomes(jobs, Limits(options.seconds, options.memory), context)
        _say(outcomes, context)
        passed = [
            sum(outcome.ending == "passed" for outcome in outcomes[first : first + options.samples])
            for first in range(0, len(outcomes), options.samples)
        ]
        signature = _signature(options)
        metrics = [
            measured(passed, options.samples, k, signature, seed=context.seed)
            for k in dict.fromkeys((1, options.k))
        ]
        endings = [_said(outcomes[first]) for first in range(0, len(outcomes), options.samples)]
        return Graded(metrics, [count / options.samples for count in passed], endings, best=1.0)

    def _perplexity(
        self, model: LoadedModel, rows: Sequence[Row], options: EvalOptions, context: Context
    ) -> Graded:
        context.emit(Note("no program was run: `eval … --run-code` measures pass@k"))
        losses = zip(rows, self.losses(model, rows, options, context), strict=True)
        texts = [Likelihood.of(str(row["code"]), loss, tokens) for row, (loss, tokens) in losses]
        found = graded_perplexities(texts, "of programs, their end included", seed=context.seed)
        return replace(found, metrics=found[:1])


def _require_leave(options: EvalOptions, context: Context) -> None:
    if not options.run_code:
        raise Refused(  # by no guard of the context, which `--allow` would open
            "run-code",
            "pass@k runs the programs that the model writes, on this machine, with your rights: "
            "they are limited, but in no sandbox",
            hint="--run-code runs them; of a model that you do not trust do it in a container",
        )
    context.guard(
        Guard(
            "run-code",
            "danger",
            "programs that the model wrote were run on this machine, with your rights: "
            "they were limited, but in no sandbox",
        )
    )


def _outcomes(jobs: Sequence[tuple[str, list[str]]], limits: Limits, context: Context) -> list[Outcome]:
    """Run programs, some at a time; in order."""
    workers = min(_AT_ONCE, os.cpu_count() or 1)
    outcomes: list[Outcome] = []
    with ThreadPoolExecutor(workers) as pool:
        for start in range(0, len(jobs), workers):
            context.cancelled.raise_if_set()
            outcomes += pool.map(lambda job: run(job[0], job[1], limits), jobs[start : start + workers])
            context.emit(Progress("eval", len(outcomes), len(jobs), "programs"))
    return outcomes


def _say(outcomes: Sequence[Outcome], context: Context) -> None:
    """Say how the programs ended, and where the system holds less than it should."""
    counts = Counter(outcome.ending for outcome in outcomes)
    told = ", ".join(f"{counts[ending]:,} {how}" for ending, how in _ENDINGS.items() if counts[ending])
    context.emit(Note(f"of {len(outcomes):,} programs {told}"))
    ran = [outcome for outcome in outcomes if outcome.held]
    if any("network" not in outcome.held for outcome in ran):
        context.emit(Note("programs were kept from the network by Python alone", "warn"))


def _said(outcome: Outcome) -> str:
    """Say how the first program of a row ended, and what it raised."""
    return f"{_ENDED[outcome.ending]}{': ' if outcome.message else ''}{outcome.message}"


def _signature(options: EvalOptions) -> str:
    drawn = f"t:{options.temperature:g}|top_p:{options.top_p:g}" if options.temperature else "greedy"
    return f"samples:{options.samples}|{drawn}|max_new:{options.max_new_tokens}|timeout:{options.seconds:g}s"


def _prompt(row: Row, processor: Any) -> str:
    if not _chats(processor):
        return asked(row)
    messages = [{"role": "user", "content": asked_in_chat(row)}]
    return str(processor.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))


def _stops(model: ModelView) -> tuple[str, ...]:
    """Return what ends a program; a chat model ends its answer itself, and explains it between programs."""
    given = model.options.stop if isinstance(model.options, PredictOptions) else ()
    return given or (() if _chats(model.processor) else STOPS)


def _code(row: Row) -> str:
    code = row.get("code")
    if code is not None and not isinstance(code, str):
        raise DataError(f"{code!r:.80} is no program")
    return code or ""


def _chats(processor: Any) -> bool:
    return bool(getattr(processor, "chat_template", None))


def _shared(start: Sequence[int], both: Sequence[int]) -> int:
    """Count the tokens that a prompt has alone and with its program behind it: the others are learnt."""
    pairs = zip(start, both, strict=False)
    return next((place for place, (one, other) in enumerate(pairs) if one != other), len(start))


def _end(processor: Any) -> list[int]:
    return [] if processor.eos_token_id is None else [processor.eos_token_id]


def _longest_prompt(model: ModelView) -> int | None:
    if model.limit is None:
        return None
    wanted = model.options.max_new_tokens if isinstance(model.options, PredictOptions) else model.limit
    return model.limit - min(wanted, model.limit // _LEAST_ROOM)
