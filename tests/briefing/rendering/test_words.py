"""Dates and links as they are shown."""

from __future__ import annotations

import pytest

from service.briefing.rendering.words import date_in_words, flat, moment_in_words, web_link


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (None, "date not stated"),
        ("2025-11-08", "8 November 2025"),
        ("2025-11", "November 2025"),
        ("2025-11-01/2025-11-07", "1 to 7 November 2025"),
        ("2025-10-30/2025-11-02", "30 October 2025 to 2 November 2025"),
        ("--10-10", "10 October, year not stated"),
        ("--10-10/--10-12", "10 to 12 October, year not stated"),
        ("2025-11-08/2025-11-08", "8 November 2025"),
        ("2025", "2025"),
        ("</script>", "</script>"),
        ("2025-13-40", "2025-13-40"),
    ],
)
def test_dates_are_read_out(stated: str | None, words: str) -> None:
    assert date_in_words(stated) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2025-11-08", "8 November 2025"),
        ("2025-11-08T07:00:00+00:00", "8 November 2025, 07:00 UTC"),
        ("2025-11-08T07:00:00.123Z", "8 November 2025, 07:00 UTC"),
        ("2025-11-08T07:00+02:00", "8 November 2025, 07:00 UTC+02:00"),
        ("2025-11-08T<b>", "2025-11-08T<b>"),
    ],
)
def test_moments_keep_their_zone(moment: str, words: str) -> None:
    assert moment_in_words(moment) == words


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "http://",
        "http://user@evil.example",
        "http://[::1",
        "http://evil.example/a b",
        "http://evil.example/\u202ex",
    ],
)
def test_only_a_plain_web_address_is_a_link(url: str | None) -> None:
    assert web_link(url) is None


def test_a_web_address_is_a_link() -> None:
    assert web_link("https://harbour.example/storm?id=7") == "https://harbour.example/storm?id=7"


def test_half_a_surrogate_pair_can_be_shown() -> None:
    assert flat("a\ud800b").encode() == "a\ufffdb".encode()
