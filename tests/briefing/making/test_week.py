"""A week at one desk: what each morning's briefing calls new, updated and withdrawn is exactly what changed."""

from __future__ import annotations

import pytest

from service.briefing.briefing import Briefing

TOPIC = "the flood in the harbour of Tarvik"
FLOOD = (
    "A storm flooded the harbour of Tarvik on 3 March 2025 and closed it to all ships for the day. "
    "The flood sank {boats} fishing boats in the harbour of Tarvik, the coast guard said. "
    "Two warehouses on the north quay of Tarvik were damaged by the water as well."
)
REPAIR = (
    "Engineers began to repair the sea gate of the Tarvik harbour on 5 March 2025, the port authority said. "
    "The repair of the sea gate in Tarvik will cost 4 million crowns."
)
FERRY = (
    "A storm flooded the harbour of Tarvik on 3 March 2025 and closed it to all ships for the day. "
    "The ferry from Tarvik to Holm sailed again on 8 March 2025 after the flood."
)

pytestmark = pytest.mark.timeout(300)


def _new(briefing: Briefing) -> set[str]:
    return {one.text for one in briefing.changes.new}


def _withdrawn(briefing: Briefing) -> set[str]:
    return {one.text for one in briefing.changes.withdrawn}


def _sentences(text: str) -> set[str]:
    return {sentence.rstrip(".") + "." for sentence in text.split(". ")}


def test_each_morning_tells_exactly_what_changed(desk) -> None:
    desk.take_in("flood", "Storm floods Tarvik", FLOOD.format(boats=12), source="Harbour Post")
    monday = desk.brief(TOPIC)
    assert monday.status == "written"
    assert (monday.changes.since, monday.changes.new, monday.changes.unchanged) == (None, (), ())

    tuesday = desk.brief("Flood, Tarvik harbour")  # the same topic in other words
    assert tuesday.status == "nothing_new"
    assert tuesday.changes.since == monday.id
    assert "Nothing new" in tuesday.headline
    assert (_new(tuesday), tuesday.changes.updated, _withdrawn(tuesday)) == (set(), (), set())

    desk.take_in("repair", "Sea gate is repaired", REPAIR, source="Wire")
    wednesday = desk.brief(TOPIC)
    assert wednesday.status == "written"
    assert _new(wednesday) == _sentences(REPAIR)
    assert (wednesday.changes.updated, _withdrawn(wednesday)) == ((), set())

    desk.take_in("flood", "Storm floods Tarvik", FLOOD.format(boats=15), source="Harbour Post")
    thursday = desk.brief(TOPIC)
    (update,) = thursday.changes.updated
    assert (update.old, update.new) == ("12 fishing boats", "15 fishing boats")
    assert [thursday.citation(m).quote.split()[3] for m in update.markers] == ["12", "15"]
    assert thursday.citation(update.markers[0]).revision != thursday.citation(update.markers[1]).revision
    assert (_new(thursday), _withdrawn(thursday)) == (set(), set())

    desk.groundwire.delete_article("repair")
    friday = desk.brief(TOPIC)
    assert _withdrawn(friday) == _sentences(REPAIR)
    assert {one.reason for one in friday.changes.withdrawn} == {"The article was deleted."}
    assert (_new(friday), friday.changes.updated) == (set(), ())

    desk.take_in("copy", "Dozen boats lost at sea town", FLOOD.format(boats=15), source="Another Paper")
    saturday = desk.brief(TOPIC)
    assert saturday.status == "nothing_new"

    desk.take_in("ferry", "Ferry sails again", FERRY, source="Wire")
    sunday = desk.brief(TOPIC)
    assert _new(sunday) == {"The ferry from Tarvik to Holm sailed again on 8 March 2025 after the flood."}
    assert (sunday.changes.updated, _withdrawn(sunday)) == ((), set())

    _compare_any_two(desk, monday, thursday, sunday)


def _compare_any_two(desk, monday: Briefing, thursday: Briefing, sunday: Briefing) -> None:
    to_thursday = desk.groundwire.compare(monday.id, thursday.id)
    assert {one.text for one in to_thursday.changes.new} == _sentences(REPAIR)
    assert [(u.old, u.new) for u in to_thursday.changes.updated] == [("12 fishing boats", "15 fishing boats")]
    assert to_thursday.changes.withdrawn == ()

    to_sunday = desk.groundwire.compare(thursday.id, sunday.id)
    assert {one.text for one in to_sunday.changes.withdrawn} == _sentences(REPAIR)
    assert to_sunday.changes.updated == ()


def test_an_article_set_in_slightly_other_words_changes_nothing(desk) -> None:
    text = FLOOD.format(boats=12)
    desk.take_in("flood", "Storm floods Tarvik", text, source="Harbour Post")
    desk.brief(TOPIC)
    desk.take_in("flood", "Storm floods Tarvik", text.replace("as well", "too"), source="Harbour Post")

    changes = desk.brief(TOPIC).changes

    assert (changes.new, changes.updated, changes.withdrawn) == ((), (), ())


def test_an_article_that_takes_a_sentence_back_withdraws_it(desk) -> None:
    desk.take_in("flood", "Storm floods Tarvik", FLOOD.format(boats=12), source="Harbour Post")
    desk.brief(TOPIC)
    kept = FLOOD.format(boats=12).split("Two warehouses")[0]
    desk.take_in("flood", "Storm floods Tarvik", kept, source="Harbour Post")

    (gone,) = desk.brief(TOPIC).changes.withdrawn

    assert gone.text.startswith("Two warehouses")
    assert gone.reason == "The article was changed and no longer says this."


def test_news_of_an_article_that_a_window_left_out_is_news_later(desk) -> None:
    desk.take_in("flood", "Storm floods Tarvik", FLOOD.format(boats=12), published_at="2025-03-04")
    first = desk.brief(TOPIC)
    desk.take_in("flood", "Storm floods Tarvik", FLOOD.format(boats=15), published_at="2025-03-04")
    desk.take_in("repair", "Sea gate is repaired", REPAIR, published_at="2025-03-06")

    window = desk.brief(TOPIC, since="2025-03-06", until="2025-03-07")
    assert {a.article_id for a in window.articles} == {"repair"}
    (gone,) = desk.groundwire.compare(first.id, window.id).changes.withdrawn
    assert "12 fishing boats" in gone.text

    later = desk.brief(TOPIC)
    assert any("15 fishing boats" in text for text in _new(later))


def test_what_stood_when_the_later_briefing_read_it_was_not_withdrawn_by_then(desk) -> None:
    desk.take_in("flood", "Storm floods Tarvik", FLOOD.format(boats=12))
    first, second = desk.brief(TOPIC), desk.brief(TOPIC)
    desk.groundwire.delete_article("flood")

    assert desk.groundwire.compare(first.id, second.id).changes.withdrawn == ()


def test_what_was_read_after_the_briefing_compared_with_is_no_news_the_next_time(desk) -> None:
    desk.take_in("flood", "Storm floods Tarvik", FLOOD.format(boats=12), published_at="2025-03-04")
    first = desk.brief(TOPIC)
    desk.take_in("repair", "Sea gate is repaired", REPAIR, published_at="2025-03-06")
    assert _new(desk.brief(TOPIC)) == _sentences(REPAIR)

    desk.brief(TOPIC, compare_with=first.id, until="2025-03-05")

    assert _new(desk.brief(TOPIC)) == set()
