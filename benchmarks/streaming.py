"""A reply drawn while it comes: hfshell beside `transformers chat`'s way. Prints seconds and ratios.

    python benchmarks/streaming.py [--characters 15000] [--pieces 2000]

The peer is what `transformers chat` does with each piece: it gives the whole text so far to rich's
`Markdown` within a `Live`, and has it drawn. hfshell draws the same pieces twice: as it does at a prompt, at
most a dozen times a second; and after each piece, so that both draw equally often. All write to a screen that
nobody sees. Seconds are the processor's, so that a busy machine changes them little.
The last table doubles the length: what is linear takes twice the time.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable, Sequence
from itertools import pairwise

from rich.console import Console
from rich.live import Live
from rich.markdown import Markdown

from hfshell.render.console import make_console
from hfshell.render.streaming.display import ReplyDisplay

WIDTH = 100
STEP = """\
## Step {number}: read what the *service* said

The answer has a `status` and a **body**; see [the page](https://example.org/{number}) for all of it.

1. Open the file, and look at the first lines.
2. Compare it with `expected.json`:
   - the order of keys does not matter,
   - the order of rows does.

```python
def read_{number}(path: str) -> dict[str, int]:
    \"\"\"Return what the file says.\"\"\"
    with open(path, encoding="utf-8") as file:
        rows = [line.split(",") for line in file if line.strip()]
    return {{name: int(value) for name, value in rows}}
```

| field | meaning | example |
|-------|---------|--------:|
| status | how it went | {number} |
| body | what came | 17 |

"""


class Screen(io.StringIO):
    """A terminal that nobody sees."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def reply(characters: int) -> str:
    """A reply as models write them, of so many characters."""
    steps = "".join(STEP.format(number=number) for number in range(characters // len(STEP) + 1))
    return steps[:characters]


def cut(text: str, pieces: int) -> list[str]:
    """The text in so many pieces."""
    places = [len(text) * number // pieces for number in range(pieces + 1)]
    return [text[start:end] for start, end in pairwise(places)]


def drawn_anew(pieces: Sequence[str]) -> None:
    """What `transformers chat` does."""
    console = Console(file=Screen(), width=WIDTH, force_terminal=True)
    text = ""
    with Live(console=console, refresh_per_second=4) as live:
        for piece in pieces:
            text += piece
            live.update(Markdown(text.strip()), refresh=True)


def drawn_on(pieces: Sequence[str], between: float | None = None) -> None:
    """What hfshell does."""
    console = make_console(Screen(), width=WIDTH, environ={"FORCE_COLOR": "1", "TERM": "xterm"})
    display = ReplyDisplay(console) if between is None else ReplyDisplay(console, between=between)
    for piece in pieces:
        display.add(piece)
    display.close()


def seconds(draw: Callable[[], None]) -> float:
    """Seconds of this process that a drawing takes."""
    began = time.process_time()
    draw()
    return time.process_time() - began


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--characters", type=int, default=15_000)
    parser.add_argument("--pieces", type=int, default=2_000)
    asked = parser.parse_args()
    pieces = cut(reply(asked.characters), asked.pieces)
    drawn_on(pieces[:50])  # imports
    drawn_anew(pieces[:50])
    usual = seconds(lambda: drawn_on(pieces))
    each = seconds(lambda: drawn_on(pieces, 0))
    anew = seconds(lambda: drawn_anew(pieces))
    print(f"{asked.characters:,} characters in {asked.pieces:,} pieces, seconds of the processor")
    print(f"  hfshell, as at a prompt          {usual:7.2f}")
    print(f"  hfshell, drawn after each piece  {each:7.2f}")
    print(f"  as transformers chat draws it    {anew:7.2f}   ratio {anew / each:.0f}, and {anew / usual:.0f}")
    print("twice the length, drawn after each piece")
    before = 0.0
    for factor in (1, 2, 4):
        many = cut(reply(asked.characters * factor), asked.pieces * factor)
        took = seconds(lambda many=many: drawn_on(many, 0))  # type: ignore[misc]
        ratio = f"   ×{took / before:.2f}" if before else ""
        print(f"  {asked.characters * factor:7,} characters  {took:7.2f}{ratio}", flush=True)
        before = took


if __name__ == "__main__":
    main()
