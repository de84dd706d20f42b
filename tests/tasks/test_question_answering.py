from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from hfshell.api import DataError, Line, ModelView, PredictionResult, Span, Window
from hfshell.testing.tiny_bert import tokenizer as tiny_tokenizer
from hfshell_tasks.question_answering.answers import Answer
from hfshell_tasks.question_answering.checks import answer_guards
from hfshell_tasks.question_answering.metrics import NoAnswerAccuracy
from hfshell_tasks.question_answering.options import PredictOptions, ReadingOptions
from hfshell_tasks.question_answering.render import answers_in_place
from hfshell_tasks.question_answering.spans import best_answers
from hfshell_tasks.question_answering.task import QuestionAnswering
from hfshell_tasks.question_answering.windows import Passage

TEXT = "the box was late"
OFFSETS = ((0, 3), (4, 7), (8, 11), (12, 16))


def logits(begins: dict[int, float], ends: dict[int, float], count: int = 7) -> Any:
    """Make a window's output: [CLS] question [SEP] and then the text, from place 3."""
    made = torch.zeros(count, 2)
    for column, values in enumerate((begins, ends)):
        for place, value in values.items():
            made[place, column] = value
    return made


def best(*windows: Any, **options: Any) -> list[Answer]:
    parts = [(Passage(3, OFFSETS, 0), window) for window in windows]
    return best_answers(TEXT, parts, ReadingOptions(**options))


def test_answer_is_the_likeliest_span() -> None:
    """Its score is the probability of its begin times that of its end, among the text's tokens and none."""
    window = logits({4: 5.0}, {6: 4.0})
    first = best(window)[0]
    assert (first.answer, first.start, first.end) == ("box was late", 4, 16)
    places = [3, 4, 5, 6, 0]
    begins, ends = torch.softmax(window[places], dim=0).unbind(dim=1)
    assert first.score == pytest.approx(float(begins[1] * ends[3]))


def test_probabilities_of_all_spans_and_none_are_at_most_one() -> None:
    """They are of one distribution, but for spans that end before they begin."""
    answers = best(logits({4: 1.0}, {5: 1.0}))
    assert 0 < sum(item.score for item in answers) <= 1
    assert len({(item.start, item.end) for item in answers}) == len(answers) == 11


def test_answer_does_not_end_before_it_begins() -> None:
    """However sure a model is of both."""
    answers = best(logits({6: 9.0}, {4: 9.0}), no_answer="never")
    assert all(item.start < item.end for item in answers)


def test_question_and_padding_are_no_answer() -> None:
    """Tokens that are not of the text are not looked at, whatever a model says of them."""
    window = logits({1: 50.0, 4: 1.0, 8: 50.0}, {1: 50.0, 4: 1.0, 8: 50.0}, count=9)
    assert best(window, no_answer="never")[0].answer == "box"


@pytest.mark.parametrize(("longest", "answer"), [(3, "box was late"), (2, "was late"), (1, "late")])
def test_answers_are_at_most_so_long(longest: int, answer: str) -> None:
    """In tokens; without a limit a model that is unsure answers with half of the text."""
    window = logits({4: 5.0, 5: 4.0, 6: 3.0}, {6: 5.0})
    assert best(window, max_answer_tokens=longest)[0].answer == answer


def test_no_answer_wins_where_it_is_likelier() -> None:
    """By the difference of the scores, in logits, as SQuAD v2 has it; 0 without a threshold."""
    window = logits({0: 3.0, 4: 2.0}, {0: 3.0, 4: 2.0})
    first, second, *_ = best(window)
    assert (first.answer, first.start, first.end) == ("", 0, 0)
    assert second.answer == "box"
    assert best(window, no_answer_threshold=1.9)[0].answer == ""
    assert best(window, no_answer_threshold=2.1)[0].answer == "box"
    assert [item for item in best(window, no_answer="never") if not item.answer] == []


def test_all_windows_have_to_say_that_there_is_no_answer() -> None:
    """A window without the answer says so with right; the one that has it is heard."""
    without = logits({0: 9.0}, {0: 9.0})
    with_it = logits({0: -5.0, 4: 2.0}, {0: -5.0, 4: 2.0})
    assert best(without, with_it)[0].answer == "box"
    assert best(with_it, without)[0].answer == "box"
    assert best(without, without)[0].answer == ""


def test_span_of_two_windows_is_one_answer() -> None:
    """Windows overlap, and a passage that stands in two is not answered twice."""
    window = logits({4: 5.0}, {4: 5.0})
    spans = [(item.start, item.end) for item in best(window, window)]
    assert len(spans) == len(set(spans))


def test_space_before_a_word_is_not_of_the_answer() -> None:
    """Tokenizers of the sentencepiece family count it to the word."""
    parts = [(Passage(3, ((0, 3), (3, 7), (7, 11), (11, 16)), 0), logits({4: 9.0}, {4: 9.0}))]
    first = best_answers(TEXT, parts, ReadingOptions())[0]
    assert (first.answer, first.start, first.end) == ("box", 4, 7)


def test_text_without_tokens_has_no_answer() -> None:
    """Whatever is asked for: there is nothing to answer with."""
    found = best_answers("", [(Passage(0, (), 0), torch.zeros(4, 2))], ReadingOptions(no_answer="never"))
    assert [item.answer for item in found] == [""]


def test_head_is_read_and_answered_by_row() -> None:
    """Begin and end stand beside each other for each token; windows go to their rows."""
    task, processor = QuestionAnswering(), tiny_tokenizer()
    outputs = SimpleNamespace(start_logits=torch.zeros(2, 5), end_logits=torch.ones(2, 5))
    kept = task.read(outputs, {}, ModelView(processor))
    assert kept.shape == (2, 5, 2)
    assert kept[1, 2].tolist() == [0.0, 1.0]
    rows = [{"question": "where", "context": "my box"}, {"question": "where", "context": "my card was late"}]
    view = ModelView(processor, options=PredictOptions())
    features: Any = task.encode(rows, view)
    sure = [
        logits({place: 9.0}, {place: 9.0}, len(feature["input_ids"]))
        for place, feature in zip((4, 6), features, strict=True)
    ]
    windows = [
        Window(feature["_row"], feature, output) for feature, output in zip(features, sure, strict=True)
    ]
    found = list(task.decode(windows[::-1], rows, view))
    assert [task.answer(answers) for answers in found] == ["box", "late"]


def test_model_that_learnt_no_empty_answer_gives_none() -> None:
    """What SQuAD 1.1 wants; windows without the answer taught it all the same that there may be none."""
    task, processor = QuestionAnswering(), tiny_tokenizer()
    answered = {"question": "where", "context": "my box", "answers": {"text": ["box"], "answer_start": [3]}}
    unanswered = {**answered, "answers": {"text": [], "answer_start": []}}
    row = {"question": "where", "context": "my box"}
    for rows, option, given in (
        ([answered, answered], "learnt", "box"),
        ([answered, unanswered], "learnt", ""),
        ([answered, answered], "allowed", ""),
        ([answered, unanswered], "never", "box"),
    ):
        model: Any = SimpleNamespace(module=SimpleNamespace(config=SimpleNamespace()))
        data: Any = SimpleNamespace(train=rows)
        task.prepare(model, data, context=None)  # type: ignore[arg-type]
        view = ModelView(processor, options=PredictOptions(no_answer=option), config=model.module.config)
        (feature,) = task.encode([row], view)
        output = logits({0: 9.0, 4: 5.0}, {0: 9.0, 4: 5.0}, len(feature["input_ids"]))  # type: ignore[index]
        (found,) = task.decode([Window(0, feature, output)], [row], view)  # type: ignore[arg-type]
        assert task.answer(found) == given


def test_top_k_gives_a_list() -> None:
    """One answer is a dict, several are a list, as with the Hub's pipeline."""
    answers = [Answer("a", 0.5, 0, 1), Answer("b", 0.2, 2, 3), Answer("", 0.1, 0, 0)]
    task = QuestionAnswering()
    assert task.select(answers, PredictOptions()) == answers[0]
    assert task.select(answers, PredictOptions(top_k=2)) == answers[:2]


def rows_with(*spans: tuple[str, int, str]) -> list[dict[str, Any]]:
    return [
        {"question": "where", "context": context, "answers": {"text": [text], "answer_start": [start]}}
        for context, start, text in spans
    ]


def test_answers_that_cannot_be_learnt_are_counted() -> None:
    """Of no token, or of a part of one: a model answers such questions wrongly, however well it learns."""
    rows = [
        *rows_with(
            ("late \u200b box", 5, "\u200b"), ("the delivery", 4, "deli"), ("the delivery", 4, "delivery")
        ),
        {"question": "where", "context": "box", "answers": {"text": [], "answer_start": []}},
    ]
    (guard,) = answer_guards(rows, tiny_tokenizer(), ReadingOptions())
    assert (guard.name, guard.severity, guard.count) == ("answer-offsets", "warn", 2)
    assert "of 3 answers 1 map to no token, and 1 end within one" in guard.message


def test_answers_at_wrong_offsets_are_an_error() -> None:
    """A span that is not the answer would be learnt in its place, and nothing would look wrong."""
    with pytest.raises(DataError, match="does not stand at 3"):
        list(answer_guards(rows_with(("the box", 3, "box")), tiny_tokenizer(), ReadingOptions()))


def test_answers_longer_than_what_may_be_answered_are_said() -> None:
    """With the number that would do for 99 % of them."""
    rows = rows_with((TEXT, 0, TEXT), (TEXT, 0, "the box"))
    assert list(answer_guards(rows, tiny_tokenizer(), ReadingOptions(max_answer_tokens=4))) == []
    (guard,) = answer_guards(rows, tiny_tokenizer(), ReadingOptions(max_answer_tokens=3))
    assert (guard.name, guard.count, guard.hint) == (
        "answer-length", 1, "--max-answer-tokens 4 covers 99 % of them",
    )  # fmt: skip


def test_no_answer_accuracy_is_of_questions_without_one() -> None:
    """None where all have answers: there is nothing to be right about."""
    metric = NoAnswerAccuracy()
    nothing: dict[str, list[str]] = {"text": []}
    something = {"text": ["x"]}
    rows = [(nothing, ""), (nothing, "x"), (something, ""), (something, "x")]
    totals = [sum(column) for column in zip(*(metric.counts(*row) for row in rows), strict=True)]
    assert metric.value(totals) == 0.5
    assert metric.value(metric.counts(something, "")) is None


def shown(*rows: Any, inputs: tuple[str, ...]) -> Any:
    return answers_in_place(
        PredictionResult(model="m", task="question-answering", rows=rows, inputs=inputs, seconds=0.1)
    )


def test_answer_is_marked_in_its_place() -> None:
    """At its own offset, not where its words stand first; also when the question holds a bar."""
    text = "box one, and then box two"
    view = shown(Answer("box", 0.97, 18, 21), inputs=(f"a | b? | {text}",))
    assert view is not None
    (line,) = view.views
    assert line == Line(("box one, and then ", Span("box", "mark"), " two", Span("  0.97", "number")))


def test_long_text_is_shown_around_the_answer() -> None:
    """Some words before and behind, whole ones."""
    text = f"{'word ' * 50}box{' word' * 50}"
    view = shown(Answer("box", 0.5, 250, 253), inputs=(f"q | {text}",))
    assert view is not None
    before, mark, behind, _ = view.views[0].spans
    assert (before[:6], mark.text, behind[-5:]) == ("…word ", "box", "word…")
    assert len(before) + len(behind) < 130


def test_cut_text_is_shown_the_usual_way() -> None:
    """An answer behind the cut would be marked nowhere, or elsewhere."""
    assert shown(Answer("box", 0.5, 250, 253), inputs=("q | word word…",)) is None


def test_question_without_an_answer_is_said() -> None:
    """In words, beside the questions of the others."""
    view = shown(Answer("", 0.9, 0, 0), [Answer("box", 0.5, 0, 3)], inputs=("q | box", "r | box"))
    assert view is not None
    texts = ["".join(getattr(span, "text", span) for span in line.spans) for line in view.views]
    assert texts == ["q", "no answer  0.90", "r", "box  0.50"]
