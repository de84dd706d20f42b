"""What is checked: a plugin, and a task of it; with what the checks share, made once."""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any

from hfshell.api.specs import TaskSpec
from hfshell.errors import HfshellError
from hfshell.plugin_host.discovery import Discovered
from hfshell.plugin_host.gathering import gather_from
from hfshell.plugin_host.isolation import contain
from hfshell.testing.outcome import Outcome, run_script, stack_behind
from hfshell.testing.row_probe import COMMAND, RowProbe
from hfshell.testing.tiny_data import CannotMakeError
from hfshell.testing.tiny_models import bound_data, name_of_a_model
from hfshell.testing.verdict import Fault, NotApplicable

if TYPE_CHECKING:
    from hfshell.api.specs import Verb
    from hfshell.plugin_host.declarations import Declarations
    from hfshell.plugin_host.manifest import Manifest
    from hfshell.session.chosen import ChosenTask
    from hfshell.session.session import Session
    from hfshell.testing.bench import Bench
    from hfshell.testing.row_probe import Rows

Choose = Callable[["Rows"], "Rows"]

FINETUNE = "--epochs 2"
"""Options of `finetune` where the author gives none: enough to see that it trains, and quick."""


def _all(rows: Rows) -> Rows:
    return rows


@dataclass
class Subject:
    """A plugin under check, and a task of it.

    Attributes:
        bench: where it is tried.
        plugin: it, as it is installed or as it would be.
        task: the task's name; None for a plugin without one.
        given: the plugin itself, when it is not installed.
        options: words added to a verb's line, by verb.
        dataset: writes a data file into a folder, in the place of the kit's.
        source: names a model, or writes one into a folder, in the place of the kit's.
        printed: what was written to standard output or error on the way.
    """

    bench: Bench
    plugin: Discovered
    task: str | None = None
    given: object | None = None
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    dataset: Callable[[Path], Path] | None = None
    source: Callable[[Path], Path | str] | None = None
    printed: io.StringIO = field(default_factory=io.StringIO)
    notes: list[str] = field(default_factory=list)
    _probe: RowProbe = field(default_factory=RowProbe)

    # What the plugin says of itself.

    @property
    def is_installed(self) -> bool:
        """Whether a distribution ships it, or a test brought it along."""
        return self.given is None

    @property
    def has_module(self) -> bool:
        """Whether it is a module that another process can import."""
        return self.given is None or isinstance(self.given, ModuleType)

    @cached_property
    def manifest(self) -> Manifest:
        """What another process, which imports the plugin alone, says of it."""
        from hfshell.plugin_host.probing import probe_plugins

        return probe_plugins([self.plugin])[0]

    @cached_property
    def declarations(self) -> Declarations:
        """What it declares.

        Raises:
            Fault: it cannot be asked, or what it declares is not in the contract.
        """
        return self.ask()

    def ask(self) -> Declarations:
        """Ask it what it gives, anew.

        Raises:
            Fault: as above.
        """
        outcome = contain(lambda: gather_from(self._module(), self.plugin.name))
        if outcome.value is None:
            assert outcome.failure is not None  # noqa: S101 - one of the two there is
            raise Fault(outcome.failure.summary, outcome.failure.hint)
        return outcome.value

    @property
    def spec(self) -> TaskSpec:
        """The task's declaration.

        Raises:
            NotApplicable: the plugin gives no task.
        """
        if self.task is None:
            raise NotApplicable("it gives no task")
        return next(spec for spec in self.declarations.of(TaskSpec) if spec.name == self.task)

    # The session, the data and the models that the checks share.

    @cached_property
    def session(self) -> Session:
        """A session with the plugin in it."""
        session = self.bench.session()
        if self.given is not None:
            session.plugins.use(self.given, self.plugin.name)
        session.plugins.use(self._probe, COMMAND)
        return session

    @cached_property
    def later(self) -> Session:
        """A later session in the same home: it holds nothing, and finds the runs of the first."""
        _ = self.session
        return self.bench.session()

    @property
    def chosen(self) -> ChosenTask:
        """The task at work."""
        return self.session.tasks.get(self.spec.name)

    @cached_property
    def base(self) -> str:
        """Name the model that everything begins with: it can be loaded, and trained.

        Raises:
            NotApplicable: the kit has none for the task.
        """
        if self.source is not None:
            return _quoted(self.source(self.bench.folder / "own-model"))
        with _kit_limits():
            if not self.chosen.is_head:
                return name_of_a_model(self.spec)
            if self.dataset is not None:
                return _quoted(self._own_head())
            self.bench.model(self.spec.name)
            return f"tiny:{self.spec.name}"

    @cached_property
    def model(self) -> str:
        """Bind `m` to a model that can predict, and return its name.

        A new model of a task that makes its models itself is trained first, if it can be.

        Raises:
            NotApplicable: there is none.
            Fault: it cannot be loaded.
        """
        if not self.chosen.is_head and self.trains:
            _ = self.trained
            self.run("m = load t")
        else:
            self.run(self.line("m = load", self.base, "load"))
        return "m"

    @cached_property
    def trained(self) -> Outcome:
        """Train the base on all of the data, and bind the new model to `t`; it is not measured.

        Raises:
            NotApplicable: the task trains nothing, or there is no base or no data.
            Fault: it failed.
        """
        if not self.trains:
            raise NotApplicable(f"{self.spec.name} has no finetune")
        _ = self.data
        self.run(self.line("b = load", self.base, "load"))
        return self.run(self.line("t = finetune", "b all", "finetune"))

    @property
    def trains(self) -> bool:
        """Whether the task trains models."""
        return "finetune" in self.spec.capabilities

    @cached_property
    def data(self) -> Path:
        """Bind the data set `d`, and `all` to the same without rows held back; return its file.

        Raises:
            NotApplicable: the kit has no data for the task.
            Fault: it cannot be read.
        """
        path = self._data_file()
        self.run(f"d = data {_quoted(path)}\nall = data {_quoted(path)} --validation 0 --test 0")
        return path

    def line(self, beginning: str, names: str, verb: Verb, more: str = "") -> str:
        """Return a line of a verb, with the task's name and the author's options."""
        options = self.options.get(verb, FINETUNE if verb == "finetune" else "")
        return " ".join((beginning, names, "--task", self.spec.name, *options.split(), *more.split()))

    # Doing things.

    def run(self, text: str, session: Session | None = None) -> Outcome:
        """Run a script.

        Raises:
            Fault: it failed.
        """
        return _succeeded(self.attempt(text, session), text)

    def attempt(self, text: str, session: Session | None = None) -> Outcome:
        """Run a script that may fail."""
        session = session or self.session
        with self.listening():
            outcome = run_script(session, text)
        self.notes += outcome.notes
        return outcome

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Keep what is printed meanwhile."""
        with ExitStack() as stack:
            stack.enter_context(contextlib.redirect_stdout(self.printed))
            stack.enter_context(contextlib.redirect_stderr(self.printed))
            yield

    def predict(
        self, choose: Choose = _all, *, model: str | None = None, session: Session | None = None
    ) -> list[Any]:
        """Predict rows, whole, as JSON types.

        Args:
            choose: makes the rows from eight rows of the data.
            model: a bound name; a model that can predict without it.
            session: where that is bound; the first one without it.

        Raises:
            Fault: it failed.
        """
        _succeeded(self.attempt_prediction(choose, model=model, session=session), "predict")
        made: list[Any] = plain(self._probe.predicted)
        return made

    def attempt_prediction(
        self, choose: Choose = _all, *, model: str | None = None, session: Session | None = None
    ) -> Outcome:
        """Predict rows, as `predict` does; it may fail."""
        model = model or self.model
        data = "" if session is None else f"d = data {_quoted(self.data)}\n"
        _ = self.data
        self._probe.choose = choose
        return self.attempt(f"{data}{COMMAND} {model} d", session)

    def close(self) -> None:
        """Forget what was made for the checks."""
        self._probe.close()

    # Inside.

    def _module(self) -> object:
        return self.given if self.given is not None else importlib.import_module(self.plugin.module)

    def _own_head(self) -> Path:
        """Make a tiny head for the labels of the author's own data."""
        from hfshell.testing.tiny_heads import write_tiny_head

        _ = self.data
        task: Any = self.chosen.task
        return write_tiny_head(task, bound_data(self.session, self.spec), self.bench.folder / "own-head")

    def _data_file(self) -> Path:
        if self.dataset is not None:
            folder = self.bench.folder / "own-data"
            folder.mkdir(exist_ok=True)
            return self.dataset(folder)
        _ = self.session
        with _kit_limits():
            return self.bench.data(self.spec.name)


@contextlib.contextmanager
def _kit_limits() -> Iterator[None]:
    """Take what the kit cannot make for a reason not to check."""
    try:
        yield
    except CannotMakeError as error:
        raise NotApplicable(f"{error.message}: {error.hint}") from None


def plain(value: Any) -> Any:
    """Return values as the JSON types that people and files get."""
    import msgspec

    return msgspec.json.decode(msgspec.json.encode(value))


def _succeeded(outcome: Outcome, text: str) -> Outcome:
    for error in outcome.errors:
        raise Fault(f"{text.strip()}: {error.message}", _explained(error))
    return outcome


def _quoted(word: object) -> str:
    from hfshell.language import quote

    return quote(str(word))


def _explained(error: HfshellError) -> str | None:
    """Return an error's hint, and the last lines of the traceback that led to it."""
    lines = stack_behind(error)[-6:]
    return "\n".join([*([error.hint] if error.hint else []), *lines]) or None
