"""Parts of the documentation that are made from the declarations themselves.

A part stands between `<!-- made: fields TaskSpec -->` and `<!-- end -->`. A test holds it against what would
be made now; `python -m tests.docs.regions` writes it anew.
"""

from __future__ import annotations

import re

from tests.docs import (
    made_of_api,
    made_of_commands,
    made_of_evaluation,
    made_of_findings,
    made_of_tasks,
    made_of_testing,
)
from tests.docs.pages import PAGES, name_of

_REGION = re.compile(
    r"(?P<begin><!-- made: (?P<kind>[\w-]+)(?: (?P<about>[\w.-]+))? -->\n).*?(?P<end><!-- end -->)", re.DOTALL
)
MAKERS = {
    **made_of_api.MAKERS,
    **made_of_commands.MAKERS,
    **made_of_evaluation.MAKERS,
    **made_of_findings.MAKERS,
    **made_of_tasks.MAKERS,
    **made_of_testing.MAKERS,
}


def renewed(text: str) -> str:
    """Return a page with all its made parts as they should be.

    Raises:
        KeyError: nobody makes such a part.
    """
    return _REGION.sub(lambda found: f"{found['begin']}{_made(found)}\n{found['end']}", text)


def _made(found: re.Match[str]) -> str:
    maker = MAKERS[found["kind"]]
    return str(maker(found["about"]) if found["about"] else maker()).strip("\n")


def main() -> None:
    """Write all made parts anew, and name the pages that changed."""
    for page in PAGES:
        before = page.read_text(encoding="utf-8")
        after = renewed(before)
        if after != before:
            page.write_text(after, encoding="utf-8")
            print(name_of(page))


if __name__ == "__main__":
    main()
