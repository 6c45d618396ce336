"""`groundwire articles`: what the library holds."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from service.cli.console import Console
from service.cli.exit_codes import ExitCode
from service.errors import InputRejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.api.schemas import ArticlesSchema
    from service.cli.backend import Backend

PAGE = 200


def run(arguments: Namespace, console: Console) -> ExitCode:
    from service.cli.backend import open_backend
    from service.settings import load_settings

    action = {"list": _list, "show": _show, "delete": _delete}[arguments.action]
    if arguments.action == "list" and arguments.limit is not None and arguments.limit < 1:
        raise InputRejected("--limit: must be 1 or more")
    with open_backend(load_settings()) as backend:
        action(backend, arguments, console)
    return ExitCode.DONE


def _list(backend: Backend, arguments: Namespace, console: Console) -> None:
    from service.api.schemas import ArticlesSchema
    from service.cli.render import show_summary

    pages = _pages(backend, arguments.limit, arguments.cursor)
    if arguments.json:
        read = list(pages)
        whole = ArticlesSchema(
            articles=[article for page in read for article in page.articles], next_cursor=read[-1].next_cursor
        )
        console.json(whole.model_dump(mode="json"))
        return
    for page in pages:
        for article in page.articles:
            show_summary(article, console)
        if console.gone:
            return


def _pages(backend: Backend, limit: int | None, cursor: str | None) -> Iterator[ArticlesSchema]:
    """At least one page, and none after `limit` articles."""
    left = limit
    while True:
        page = backend.articles(PAGE if left is None else min(left, PAGE), cursor)
        yield page
        cursor = page.next_cursor
        if left is not None:
            left -= len(page.articles)
        if cursor is None or left == 0:
            return


def _show(backend: Backend, arguments: Namespace, console: Console) -> None:
    from service.cli.options import as_typed
    from service.cli.render import show_article

    article = backend.article(as_typed(arguments.id), arguments.revision)
    if arguments.json:
        console.json(article.model_dump(mode="json"))
    else:
        show_article(article, console)


def _delete(backend: Backend, arguments: Namespace, console: Console) -> None:
    from service.cli.options import as_typed

    deleted = backend.delete(as_typed(arguments.id))
    if arguments.json:
        console.json(deleted.model_dump(mode="json"))
    else:
        console.line(f"deleted {deleted.id}: {deleted.title}")
