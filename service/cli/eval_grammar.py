"""The grammar of the further actions of `groundwire eval`. Only argparse is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable

FORMATS = ("html", "md", "json", "xml")


def add_data(run: argparse.ArgumentParser) -> None:
    """What the suites beside `seeds` measure."""
    run.add_argument(
        "data",
        nargs="*",
        default=[],  # else argparse says that it has to be there
        metavar="DATA",
        help="files for groundedness, disagreement, injection; retrieval and policies have their own",
    )
    run.add_argument(
        "--report", metavar="FILE", action="append", default=[], help="write a report too: .html, .md, .json, .xml"
    )


def add_actions(action: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """`report`, `init` and `import`. `action` makes the parser of one from its name and summary."""
    report = action("report", "write a run as a page that opens each failed case, as Markdown, JSON or JUnit XML")
    report.add_argument("run", metavar="RUN", help="a run's file")
    report.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        action="append",
        default=[],
        help=".html, .md, .json or .xml, which is JUnit's; repeatable (default: RUN with .html)",
    )
    init = action("init", "draft questions from the figures, dates and names of your own articles, for you to check")
    init.add_argument("-o", "--output", metavar="FILE", default="my-cases.jsonl", help="default: my-cases.jsonl")
    init.add_argument("--count", type=int, default=24, metavar="N", help="how many at most (default: 24)")
    init.add_argument("--articles", metavar="DIR", help="draft from these instead of the library")
    imported = action("import", "make cases and articles of a dataset in the form of RAGAS or BEIR")
    imported.add_argument("path", metavar="PATH", help="a file of RAGAS rows, or a folder in the form of BEIR")
    imported.add_argument("-o", "--output", metavar="DIR", default=".", help="where the files go (default: here)")
    imported.add_argument("--split", default="test", metavar="NAME", help="BEIR's judgements to use (default: test)")
