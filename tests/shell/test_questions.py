"""What `?` and F1 ask about."""

from __future__ import annotations

import pytest

from hfshell.shell.questions import Question, question_at, question_in


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("?", Question()),
        ("  ?  ", Question()),
        ("? load", Question("help", ("load",))),
        ("?load", Question("help", ("load",))),
        ("finetune?", Question("help", ("finetune",))),
        ("ev.accuracy?", Question("help", ("ev.accuracy",))),
        ("finetune ?", Question("finetune")),
        ("router = finetune ?", Question("finetune")),
        ("finetune m d --epochs ?", Question("finetune", ("m", "d", "--epochs"))),
        ("finetune m d --epochs?", Question("finetune", ("m", "d", "--epochs"))),
        ("finetune m d --epochs 3 ?", Question("finetune", ("m", "d", "--epochs", "3"))),
        ("echo $ev.accuracy ?", Question("echo", ("ev.accuracy",))),
        ("predict m 'two words' ?", Question("predict", ("m", "two words"))),
    ],
)
def test_a_question_mark_asks_about_the_word_before_it(text: str, asked: Question) -> None:
    """`?` stands alone, before a word, or last."""
    assert question_in(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "models",
        "predict m why?",
        "predict m '?'",
        'predict m "where is it ?"',
        "predict m \\?",
        "predict m ? now",
        "models\nset ?",
        "predict m <<END\nwhat ?\nEND",
        "echo 'open ?",
        "",
    ],
)
def test_a_question_in_a_text_is_no_question(text: str) -> None:
    """Texts are full of question marks: what is quoted, or goes on, runs."""
    assert question_in(text) is None


@pytest.mark.parametrize(
    ("marked", "asked"),
    [
        ("|", Question()),
        ("fine|tune m", Question("finetune")),
        ("finetune m d --ep|ochs 3", Question("finetune", ("m", "d", "--epochs"))),
        ("finetune m| d", Question("finetune", ("m",))),
        ("finetune m |", Question("finetune")),
        ("rou|ter = finetune m", Question("finetune")),
        ("models\nload min|ilm", Question("load", ("minilm",))),
        ("mod|els\nload minilm", Question("models")),
        ("predict m 'open |quote", Question("predict", ("m", "open quote"))),
    ],
)
def test_the_cursor_asks_about_its_word(marked: str, asked: Question) -> None:
    """F1 explains the word at the cursor, and between words their command."""
    assert question_at(marked.replace("|", ""), marked.index("|")) == asked
