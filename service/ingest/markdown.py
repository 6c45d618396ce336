"""YAML front matter of a Markdown file."""

from __future__ import annotations

import re

import yaml

from service.errors import InputRejected
from service.ingest.shown import printable

MAX_CHARACTERS = 50_000
"""A few fields; YAML is read at less than a megabyte a second, so a whole book between two rules would take minutes."""

_NULL = "tag:yaml.org,2002:null"


class _PlainLoader(yaml.BaseLoader):
    """Every scalar is the string that was written, except null.

    YAML's own guesses lose information that an article needs: `id: 007` would become 7, `title: No` false, a time 12:30
    the number 750, and a date that does not exist a Python traceback.
    """


_PlainLoader.add_implicit_resolver(_NULL, re.compile(r"(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_PlainLoader.add_constructor(_NULL, lambda loader, node: None)


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    """(fields, text after the front matter); no fields where the text does not begin with a line `---`.

    Values are strings, `None`, lists and dicts of these. Raises InputRejected naming the line that is broken.
    """
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].rstrip() != "---":
        return {}, text
    end = next((i for i, line in enumerate(lines) if i and line.rstrip() in ("---", "...")), None)
    if end is None:
        raise InputRejected("front matter begins on line 1 and never ends: close it with a line of its own, ---")
    source = "".join(lines[1:end])
    if len(source) > MAX_CHARACTERS:
        raise InputRejected(
            f"front matter has {len(source):,} characters, the limit is {MAX_CHARACTERS:,}: "
            "move its text below, or remove the line --- that the file begins with"
        )
    return _fields(source), "".join(lines[end + 1 :])


def _fields(source: str) -> dict[str, object]:
    try:
        loader = _PlainLoader(source)
        try:
            value = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _broken(mark.line if mark else 0, error.problem or "it is not YAML") from error
    except yaml.reader.ReaderError as error:
        line = source.count("\n", 0, error.position)
        raise _broken(line, f"character U+{error.character:04X} is not allowed") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _broken(0, "it is not YAML") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _broken(0, "it has no fields")
    fields = {name: field for name, field in value.items() if isinstance(name, str)}
    if isinstance(fields.get("tags"), str):
        fields["tags"] = [tag for tag in str(fields["tags"]).split(",") if tag.strip()]
    return fields


def _broken(line: int, problem: str) -> InputRejected:
    """`line` counts from 0 inside the front matter, whose opening `---` is line 1 of the file."""
    return InputRejected(
        f"front matter is broken on line {line + 2} ({printable(problem)}): "
        "write `name: value`, in quotes where the value holds a colon"
    )
