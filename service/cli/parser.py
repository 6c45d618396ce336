"""The command line's grammar. Only argparse is imported here, so that `--help` is instant."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from service.cli.eval_grammar import add_actions, add_data
from service.errors import UsageError

EPILOG = """\
exit codes: 0 done (an abstention is done), 1 failed, 2 wrong usage, 3 done but some items failed, 130 stopped by Ctrl-C
Everything is kept in GROUNDWIRE_DATA_DIR. When a service runs on it, commands talk to that service."""


class Parser(argparse.ArgumentParser):
    """argparse, except that a wrong call is a UsageError of one line instead of a usage block and an exit."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see `{self.prog} --help`")


class ShowVersion(argparse.Action):
    """Looks the version up only when it is asked for: reading package metadata takes longer than `--help`."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> NoReturn:
        from service.version import installed_version

        print(f"groundwire {installed_version()}")
        parser.exit()


def build_parser() -> Parser:
    everywhere = Parser(add_help=False)
    everywhere.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help="show the traceback of an error"
    )
    parser = Parser(
        prog="groundwire",
        description="Reads news articles and answers questions in sentences whose citations were checked.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        parents=[everywhere],
    )
    parser.set_defaults(debug=False)
    parser.add_argument("--version", action=ShowVersion, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, summary: str) -> Parser:
        return commands.add_parser(name, help=summary, description=summary, parents=[everywhere], allow_abbrev=False)

    _ingest(command("ingest", "take articles into the library: .txt, .md, .jsonl files and folders of them"))
    _ask(command("ask", "answer a question from the articles, every sentence cited"))
    _search(command("search", "show the ranked evidence for a query"))
    _verify(command("verify", "check any text, sentence by sentence, against the articles or against given files"))
    _brief(command("brief", "write a cited briefing on a topic, and say what is new in it"))
    _schedules(command("schedules", "briefings that are written and delivered when they are due"), everywhere)
    _receipts(command("receipts", "show what an answer was made of, or check it again"), everywhere)
    _eval(
        command("eval", "measure answers on a suite of cases, compare two runs, hold one against a baseline"),
        everywhere,
    )
    _articles(command("articles", "list, show or delete articles"), everywhere)
    _serve(command("serve", "serve the HTTP API on this machine"))
    _doctor(command("doctor", "check the data directory, the model and the vector store"))
    return parser


def _ingest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder")
    _json(parser)


def _ask(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="+", metavar="QUESTION", help="what to ask, in quotes")
    _filters(parser)
    parser.add_argument(
        "--mode", choices=("auto", "extractive", "llm"), default="auto", help="who writes the answer (default: auto)"
    )
    parser.add_argument("--max-sentences", type=int, metavar="N", help="the most sentences an answer has (default: 3)")
    _json(parser)


def _search(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", nargs="+", metavar="QUERY", help="what to look for")
    parser.add_argument("-k", type=int, default=10, metavar="N", help="how many results, 1 to 100 (default: 10)")
    _filters(parser)
    _json(parser)


def _verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="FILE", help="a text or Markdown file; - reads standard input")
    parser.add_argument(
        "--source",
        dest="sources",
        action="append",
        default=[],
        metavar="FILE",
        help="check against this file instead of the articles (repeatable)",
    )
    _json(parser)


def _brief(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topic", nargs="+", metavar="TOPIC", help="what to brief on, in quotes")
    group = parser.add_argument_group(
        "what is read", "TIME is ISO 8601, yesterday, or a stretch back from now such as 'last 24 h' or 7d"
    )
    group.add_argument("--since", metavar="TIME", help="only what was published, or else taken in, since then")
    group.add_argument("--until", metavar="TIME", help="only what was published, or else taken in, until then")
    group.add_argument("--as-of", metavar="DATE", help="as if it were that moment: later articles are left out")
    group.add_argument(
        "--source", dest="sources", action="append", default=[], metavar="NAME", help="only this source (repeatable)"
    )
    parser.add_argument("--words", dest="max_words", type=int, metavar="N", help="how long it may be (default: 350)")
    parser.add_argument(
        "--mode", choices=("auto", "extractive", "llm"), default="auto", help="who writes it (default: auto)"
    )
    parser.add_argument(
        "--compare-with", metavar="ID", help="an earlier briefing of the topic (default: the last one): brf_..."
    )
    parser.add_argument(
        "--format", choices=("md", "html", "json", "pdf", "txt"), default="md", help="how to show it (default: md)"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="write it to this file, whole or not at all")
    _json(parser)


def _schedules(parser: Parser, everywhere: Parser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, summary: str) -> Parser:
        made = actions.add_parser(name, help=summary, description=summary, parents=[everywhere], allow_abbrev=False)
        if name != "list":
            made.add_argument("name", metavar="NAME", help="the schedule's name, for example morning")
        _json(made)
        return made

    add = action("add", "write a briefing on a topic whenever it is due, while a service runs")
    add.add_argument("topic", nargs="+", metavar="TOPIC", help="what to brief on, in quotes")
    add.add_argument("--cron", required=True, metavar="CRON", help="when: '0 7 * * 1-5' is 07:00 from Monday to Friday")
    add.add_argument("--time-zone", default="UTC", metavar="ZONE", help="for example Europe/Kyiv (default: UTC)")
    add.add_argument("--window", metavar="TIME", help="only articles of so long before, for example 24h (default: all)")
    add.add_argument("--words", dest="max_words", type=int, metavar="N", help="how long it may be (default: 350)")
    for option, name, help in (
        ("--source", "NAME", "only this source"),
        ("--folder", "FOLDER", "write it into this folder inside GROUNDWIRE_DELIVERY_DIR"),
        ("--mail", "ADDRESS", "send it to this address"),
        ("--webhook", "URL", "send it to this address, signed"),
    ):
        dest = "sources" if option == "--source" else option[2:]
        add.add_argument(option, dest=dest, action="append", default=[], metavar=name, help=f"{help} (repeatable)")
    add.add_argument(
        "--format",
        dest="formats",
        action="append",
        default=[],
        choices=("md", "html", "json", "pdf", "txt"),
        help="files for folders and mail (repeatable; default: md)",
    )
    action("list", "list the schedules, with what became of them")
    action("run", "run one now, whenever it is due")
    action("retry", "try once more to deliver what did not arrive")
    action("remove", "remove one; its briefings stay")


def _receipts(parser: Parser, everywhere: Parser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, summary in (
        ("show", "show what an answer was made of"),
        ("replay", "search and check again, without an LLM, and say what differs"),
    ):
        action = actions.add_parser(name, help=summary, description=summary, parents=[everywhere], allow_abbrev=False)
        action.add_argument("id", metavar="ID", help="an answer's receipt_id: rcp_...")
        _json(action)


def _filters(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("filters", "DATE is ISO 8601, for example 2025-11-08")
    group.add_argument("--as-of", metavar="DATE", help="as if it were that moment: later articles are left out")
    group.add_argument("--from", dest="published_from", metavar="DATE", help="published on that day or later")
    group.add_argument("--to", dest="published_to", metavar="DATE", help="published on that day or earlier")
    group.add_argument(
        "--source", dest="sources", action="append", default=[], metavar="NAME", help="only this source (repeatable)"
    )
    group.add_argument("--include-undated", action="store_true", help="keep articles that state no date")


def _articles(parser: Parser, everywhere: Parser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, summary: str) -> Parser:
        return actions.add_parser(name, help=summary, description=summary, parents=[everywhere], allow_abbrev=False)

    listing = action("list", "list the articles, oldest ingest first")
    listing.add_argument("--limit", type=int, metavar="N", help="at most so many (default: all)")
    listing.add_argument("--cursor", metavar="CURSOR", help="go on where a limited list ended")
    _json(listing)
    show = action("show", "show an article with its whole text")
    show.add_argument("id", metavar="ID")
    show.add_argument("--revision", metavar="REVISION", help="an older revision: sha256:...")
    _json(show)
    delete = action("delete", "delete an article and all its revisions")
    delete.add_argument("id", metavar="ID")
    _json(delete)


def _eval(parser: Parser, everywhere: Parser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, summary: str) -> Parser:
        return actions.add_parser(name, help=summary, description=summary, parents=[everywhere], allow_abbrev=False)

    run = action("run", "run a suite, or a file of cases, and print what it scores")
    run.add_argument(
        "suite",
        metavar="SUITE_OR_FILE",
        help="seeds, groundedness, disagreement, injection, retrieval, policies, or a .jsonl file of cases",
    )
    run.add_argument("-o", "--output", metavar="FILE", help="where the run goes (default: eval-runs/)")
    run.add_argument(
        "--mode", choices=("auto", "extractive", "llm"), default="auto", help="who writes the answers (default: auto)"
    )
    run.add_argument("--by-kind", action="store_true", help="also by kind of case")
    _measured(run)
    add_data(run)
    add_actions(action)
    compare = action("compare", "say which scores differ between two runs by more than chance")
    compare.add_argument("before", metavar="A", help="a run's file")
    compare.add_argument("after", metavar="B", help="a run's file of the same cases")
    compare.add_argument("--by-kind", action="store_true", help="also by kind of case")
    _json(compare)
    gate = action(
        "gate", "fail where worse than a baseline by more than chance, at a new crash, at a quote that is not exact"
    )
    gate.add_argument("--baseline", required=True, metavar="FILE", help="what to hold the run against")
    gate.add_argument("--run", metavar="FILE", help="a run's file (default: run the baseline's suite now)")
    gate.add_argument("--write", action="store_true", help="make the run the baseline instead")
    gate.add_argument("--suite", metavar="SUITE_OR_FILE", help="what to run (default: the baseline's suite, or seeds)")
    _measured(gate)


def _measured(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--articles", metavar="DIR", help="ask of these instead of the suite's own articles")
    parser.add_argument("--data-dir", metavar="DIR", help="library to use (default: a temporary one)")
    parser.add_argument("--as-of", metavar="DATE", help="the day on which it is asked (default: the suite's, or today)")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="cases at work at once (default: 1)")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first so many cases")
    parser.add_argument("--no-judge", action="store_true", help="do not ask the model of GROUNDWIRE_JUDGE_MODEL")
    _json(parser)


def _serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", metavar="HOST", help="a loopback address (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, metavar="PORT", help="0 picks a free port (default: 8321)")


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repair", action="store_true", help="rebuild what can be rebuilt from the library")
    _json(parser)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")
