"""What each line of a script would do, with sizes, as far as that is known without running any of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hfshell.checking.data_lines import data_files
from hfshell.checking.model_sources import describe_source
from hfshell.checking.names import means_data
from hfshell.checking.outputs import is_output
from hfshell.checking.row_counts import Rows, rows_of
from hfshell.checking.symbols import CURRENT
from hfshell.render.quantities import many, size

if TYPE_CHECKING:
    from hfshell.checking.data_files import FileFacts
    from hfshell.checking.reading import ReadLine
    from hfshell.checking.scene import Scene

LATER = "known when it runs"


@dataclass(frozen=True)
class PlannedLine:
    """A line, and what it would do.

    Attributes:
        file, line: where it stands.
        command: its command.
        name: the name that it binds; None without one.
        text: the line as written.
        would: what it would do, a sentence each.
        writes: files and folders that it would write.
        overwrites: those of them that are there already.
    """

    file: str
    line: int
    command: str
    name: str | None
    text: str
    would: tuple[str, ...]
    writes: tuple[str, ...] = ()
    overwrites: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the line as JSON types."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            "schema": 1,
            "kind": "plan",
            **{name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()},
        }


def plan_line(read: ReadLine, scene: Scene) -> PlannedLine:
    """Say what a line would do."""
    line = read.line
    say = _SAYING.get(read.spec.name, _usual)
    writes = tuple(_writes(read, scene))
    refused = read.value("overwrite") is False
    there = tuple(path for path in writes if scene.disk.is_in_the_way(path) and not refused)
    sentences = [*say(read, scene), *(_written(read, path, there=path in there) for path in writes)]
    if line.ignore_error:
        sentences.append("may fail: the script goes on")
    name = line.binding.text if line.binding else None
    return PlannedLine(
        line.source.file, line.line, line.command.text, name, line.text, tuple(sentences), writes, there
    )


def _writes(read: ReadLine, scene: Scene) -> Iterator[str]:
    for given in read.given:
        if is_output(read, given) and given.text:
            yield given.text
    redirect = read.line.redirect
    target = scene.symbols.text_of(redirect.target) if redirect else None
    if target:
        yield target


def _written(read: ReadLine, path: str, *, there: bool) -> str:
    redirect = read.line.redirect
    if redirect is not None and redirect.append:
        return f"adds to {path}" + (", which is there" if there else ", a new file")
    return f"writes {path}" + (", over what is there" if there else "")


def _data(read: ReadLine, scene: Scene) -> Iterator[str]:
    files = data_files(read, scene, count=True)
    if files is None:
        yield f"reads {_words(read, 'sources')}: rows and columns are {LATER}"
        return
    for split, facts in files:
        yield f"reads {facts.path}{f' as {split}' if split else ''}: {_file(facts)}"
    rows = rows_of(read, files)
    if rows:
        counts = " · ".join(f"{name} {count:,}" for name, count in rows.items())
        yield f"splits: about {counts}; duplicates and empty texts are {LATER}"


def _file(facts: FileFacts) -> str:
    about = "about " if facts.estimated else ""
    rows = "rows unknown" if facts.rows is None else f"{about}{many(facts.rows, 'row')}"
    columns = "" if not facts.columns else f", columns {', '.join(facts.columns[:12])}"
    others = "" if facts.complete or not facts.columns else ", …"
    return f"{rows}, {size(facts.bytes)}{columns}{others}"


def _load(read: ReadLine, scene: Scene) -> Iterator[str]:
    source = read.text("source")
    symbol = scene.symbols.find(source) if source else None
    if symbol is not None and symbol.kind == "model":
        yield f"gives the model {source} another name; nothing is loaded"
    else:
        yield f"loads {describe_source(source, scene)}"


def _new(read: ReadLine, scene: Scene) -> Iterator[str]:  # noqa: ARG001 - as all of them
    data = read.text("data")
    learnt = f", its tokens learnt from {data}" if data else ""
    size_of_it = f"{read.value('layers')} layers, {read.value('hidden')} wide"
    yield f"makes a {read.text('architecture')} of {size_of_it}, with random weights{learnt}"


def _finetune(read: ReadLine, scene: Scene) -> Iterator[str]:
    epochs, batch = read.value("epochs"), read.value("batch_size")
    rows = _rows_behind(read.text("data"), scene)
    train = rows.get("train") if rows else None
    task = read.text("task")
    yield f"trains {_model(read, scene)}{f' for {task}' if task else f'; its task is {LATER}'}"
    if train and epochs and batch:
        rows_a_step = batch * (read.value("gradient_accumulation") or 1)
        steps = math.ceil(math.ceil(train / rows_a_step) * epochs)
        done = f"about {many(steps, 'step')} of {many(rows_a_step, 'row')}"
        yield f"about {train:,} rows, {epochs:g} epochs: {done}"
    else:
        yield f"rows and steps are {LATER}"
    yield "writes a run directory with checkpoints and the best model"


def _eval(read: ReadLine, scene: Scene) -> Iterator[str]:
    yield f"measures {_model(read, scene)} on {_rows_words(read.text('data'), read, scene)}"
    yield "writes a run directory"


def _predict(read: ReadLine, scene: Scene) -> Iterator[str]:
    line = read.line
    inputs = read.of("inputs")
    if line.heredoc is not None:
        text = scene.symbols.text_of(line.heredoc.body) or ""
        texts = sum(1 for part in text.split("\n") if part.strip())
        yield f"predicts {many(texts, 'text')} with {_model(read, scene)}"
    elif inputs and means_data(read, inputs[0], scene):
        yield f"predicts {_rows_words(inputs[0].text, read, scene)} with {_model(read, scene)}"
    else:
        bare = len(inputs) > 1 and all(word.bare is not None for word in line.words)
        yield f"predicts {many(1 if bare else max(1, len(inputs)), 'text')} with {_model(read, scene)}"


def _chat(read: ReadLine, scene: Scene) -> Iterator[str]:
    texts = [given.text or "…" for given in read.of("words")]
    yield f"talks with {_model(read, scene)}{': ' if texts else ''}{' '.join(texts)}"


def _augment(read: ReadLine, scene: Scene) -> Iterator[str]:
    rows = _rows_behind(read.text("data"), scene)
    train = rows.get("train") if rows else None
    most = f"at most {many(train * (read.value('copies') or 1), 'row')}" if train else "rows"
    yield f"makes {most} of those to train on, by {read.value('method')}; how many are {LATER}"


def _expect(read: ReadLine, scene: Scene) -> Iterator[str]:
    words = read.line.words
    texts = [scene.symbols.text_of(word) for word in words]
    shown = " ".join(text or word.raw for text, word in zip(texts, words, strict=True))
    yield f"compares {shown} when it runs; exit code 3 unless it holds"


def _let(read: ReadLine, scene: Scene) -> Iterator[str]:
    text = scene.symbols.text_of(read.line.words[0]) if read.line.words else None
    yield f"names a value, {LATER}" if text is None else f"names the value {text}"


def _echo(read: ReadLine, scene: Scene) -> Iterator[str]:
    texts = [scene.symbols.text_of(word) for word in read.line.words]
    yield f"prints {' '.join(text or '…' for text in texts)}"


def _set(read: ReadLine, scene: Scene) -> Iterator[str]:  # noqa: ARG001 - as all of them
    value = read.text("value")
    yield f"sets {read.text('setting')} to {value}" if value else "shows settings"


def _show(read: ReadLine, scene: Scene) -> Iterator[str]:  # noqa: ARG001 - as all of them
    yield f"shows {_words(read, 'name')}"


def _source(read: ReadLine, scene: Scene) -> Iterator[str]:  # noqa: ARG001 - as all of them
    file = read.text("file")
    yield f"reads {file}; its lines follow" if file else f"reads a script, {LATER}"


def _save(read: ReadLine, scene: Scene) -> Iterator[str]:
    yield f"saves {_model(read, scene)}"


def _usual(read: ReadLine, scene: Scene) -> Iterator[str]:  # noqa: ARG001 - as all of them
    summary = read.spec.summary
    yield summary[:1].lower() + summary[1:]


def _model(read: ReadLine, scene: Scene) -> str:
    """Describe the model that a line uses."""
    word = read.text("model")
    if word is None:
        return f"a model, {LATER}"
    if word == CURRENT:
        return "the last model used"
    symbol = scene.symbols.find(word)
    return word if symbol is not None and symbol.kind == "model" else describe_source(word, scene)


def _rows_words(word: str | None, read: ReadLine, scene: Scene) -> str:
    """Describe the rows that a word means, as many as the line takes of them."""
    if word is None:
        return f"rows, {LATER}"
    split = word.partition(".")[2]
    rows = _rows_behind(word, scene) or {}
    chosen = split or next((part for part in ("test", "validation", "train") if part in rows), "")
    count, limit = rows.get(chosen), read.value("limit")
    if count is None:
        return f"rows of {word}"
    most = count if limit is None else min(count, limit)
    return f"about {many(most, 'row')} of {word if split else f'{word}.{chosen}'}"


def _rows_behind(word: str | None, scene: Scene) -> Rows | None:
    symbol = scene.symbols.find((word or "").partition(".")[0])
    return symbol.rows if symbol is not None and symbol.kind == "data" else None


def _words(read: ReadLine, name: str) -> str:
    return " ".join(given.text or given.word.raw for given in read.of(name))


_SAYING: Mapping[str, Callable[[ReadLine, Scene], Iterator[str]]] = MappingProxyType(
    {
        "data": _data,
        "augment": _augment,
        "load": _load,
        "new": _new,
        "finetune": _finetune,
        "eval": _eval,
        "predict": _predict,
        "chat": _chat,
        "expect": _expect,
        "let": _let,
        "echo": _echo,
        "save": _save,
        "set": _set,
        "show": _show,
        "source": _source,
    }
)
