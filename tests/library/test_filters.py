"""Which articles a search may use."""

from __future__ import annotations

import pytest

from service.errors import InputRejected
from service.types import Filters

ARTICLES = {
    "day": {"published_at": "2025-11-14", "source": "Wire"},
    "moment": {"published_at": "2025-11-14T23:30:00-05:00", "source": "wire "},
    "month": {"published_at": "2025-10"},
    "undated": {"source": "Local"},
    "absurd": {"published_at": "the day before yesterday"},
    "late": {"ingested_at": "2025-12-24T08:00:00Z"},
}


@pytest.fixture
def dated(library, make_article):
    library.put([make_article(name, f"Text of {name}.", **fields) for name, fields in ARTICLES.items()])
    return library


def test_no_limit_is_none_and_not_a_list_of_everything(dated):
    assert dated.allowed_articles(Filters()) == (None, 0)
    assert dated.allowed_articles(Filters(include_undated=True)) == (None, 0)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        pytest.param({"published_from": "2025-11-14", "published_to": "2025-11-14"}, ["day"], id="whole-day"),
        pytest.param({"published_from": "2025-11-15", "published_to": "2025-11-15"}, ["moment"], id="utc-next-day"),
        pytest.param(
            {"published_to": "2025-11-14T00:00:00Z"}, ["day", "month"], id="day-begins-before-its-first-moment"
        ),
        pytest.param(
            {"published_from": "2025-11-14T18:00:00Z"}, ["day", "moment"], id="partly-known-date-may-be-later"
        ),
        pytest.param({"published_to": "2025-10-15"}, ["month"], id="month-may-lie-before"),
        pytest.param({"published_from": "2025-10-31", "published_to": "2025-11-01"}, ["month"], id="month-overlaps"),
        pytest.param({"published_from": "2025-11", "published_to": "2025-11"}, ["day", "moment"], id="month-as-limit"),
        pytest.param({"published_from": "2025-11-14T23:00:00-05:00"}, ["moment"], id="zones-compare-as-utc"),
        pytest.param({"published_from": "2026"}, [], id="year"),
    ],
)
def test_dates(dated, limits, expected):
    assert dated.allowed_articles(Filters(**limits)) == (expected, 3)


def test_undated_articles_are_kept_when_asked_for(dated):
    allowed, excluded = dated.allowed_articles(Filters(published_from="2025-11-15", include_undated=True))
    assert (allowed, excluded) == (["moment", "undated", "absurd", "late"], 0)


def test_only_articles_that_pass_the_other_filters_count_as_excluded(dated):
    assert dated.allowed_articles(Filters(published_to="2025-12-01", sources=("local", "wire"))) == (
        ["day", "moment"],
        1,
    )


def test_sources_are_compared_without_case(dated):
    assert dated.allowed_articles(Filters(sources=("WIRE",))) == (["day", "moment"], 0)
    assert dated.allowed_articles(Filters(sources=("nobody",))) == ([], 0)


def test_article_ids_that_do_not_exist_are_left_out(dated):
    many = tuple(f"x{i}" for i in range(40_000))
    assert dated.allowed_articles(Filters(article_ids=("month", *many))) == (["month"], 0)


def test_as_of_leaves_out_what_was_published_or_else_ingested_later(dated):
    allowed, excluded = dated.allowed_articles(Filters(as_of="2025-11-20"))
    assert (allowed, excluded) == (["day", "moment", "month", "undated", "absurd"], 0)
    assert dated.allowed_articles(Filters(as_of="2025-11-20T11:59:59Z"))[0] == ["day", "moment", "month"]
    assert dated.allowed_articles(Filters(as_of="2025-11-14"))[0] == ["day", "month"]


def test_new_metadata_moves_an_article_into_the_filter(dated, make_article):
    dated.update_metadata(make_article("undated", "Text of undated.", published_at="2026-03-01").article)
    assert dated.allowed_articles(Filters(published_from="2026")) == (["undated"], 2)


@pytest.mark.parametrize(
    "value", ["", "yesterday", "2025-13-01", "2025-02-30", "14.11.2025", "0000", "99999-01-01", "\ud800"]
)
def test_a_limit_that_is_no_date_is_refused_in_one_line(dated, value):
    for name in ("published_from", "published_to", "as_of"):
        with pytest.raises(InputRejected, match=name) as caught:
            dated.allowed_articles(Filters(**{name: value}))
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "value", ["0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
)
def test_the_ends_of_time_are_dates(dated, value):
    dated.allowed_articles(Filters(published_from=value))
