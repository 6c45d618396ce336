"""/v1/schedules and the feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient

from service.briefing.schedules.schedule import Schedule
from service.settings import Settings
from service.wiring import Groundwire, open_groundwire

BODY = {"name": "morning", "topic": "ferry near Tarvik", "cron": "0 7 1 1 *", "time_zone": "Europe/Oslo"}
ARTICLE = {
    "id": "ferry",
    "title": "Ferry aground",
    "text": "A ferry carrying 84 passengers ran aground near Tarvik on 9 May 2024. All were taken ashore, it said.",
}


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def groundwire(data_dir: Path) -> Iterator[Groundwire]:
    with closing(open_groundwire(Settings(data_dir=data_dir, embedding_model="hashing"), serving=False)) as opened:
        yield opened


@pytest.fixture
def client(groundwire: Groundwire, client_for: Callable[[Groundwire], TestClient]) -> Iterator[TestClient]:
    with client_for(groundwire) as made:
        made.post("/v1/articles", json={"articles": [ARTICLE]})
        yield made


def test_it_is_made_shown_listed_and_removed(client: TestClient) -> None:
    made = client.post("/v1/schedules", json=BODY | {"folder": ["desk"], "formats": ["md", "pdf"]})
    assert made.status_code == 201
    assert made.json()["targets"] == [{"kind": "folder", "to": "desk"}]
    assert made.json()["next_local"].endswith("-01-01 07:00 CET")
    assert client.get("/v1/schedules/morning").json() == made.json()
    assert client.get("/v1/schedules").json() == {"schedules": [made.json()], "running": False}
    removed = client.delete("/v1/schedules/morning")
    assert removed.json() == {"name": "morning", "topic": "ferry near Tarvik"}
    assert client.get("/v1/schedules").json()["schedules"] == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"cron": "0 25 * * *"}, "cron: hour `25` is not valid"),
        ({"time_zone": "Europe/Oslow"}, "did you mean Europe/Oslo"),
        ({"name": "a/b"}, "name: may have letters"),
        ({"folder": ["/etc"]}, "is not a folder inside"),
        ({"mail": ["desk@harbour.example"]}, "set GROUNDWIRE_SMTP_HOST"),
        ({"webhook": ["http://169.254.169.254/"]}, "is not one of GROUNDWIRE_WEBHOOK_HOSTS"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(client: TestClient, fields: dict[str, Any], said: str) -> None:
    answer = client.post("/v1/schedules", json=BODY | fields)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_one_that_cannot_run_any_longer_is_shown_with_the_others(client: TestClient, groundwire: Groundwire) -> None:
    client.post("/v1/schedules", json=BODY)
    groundwire.schedules._store.add(Schedule("base", "ferry", "0 7 1 1 *", "Mars/Base", datetime.now(UTC)))
    base, morning = client.get("/v1/schedules").json()["schedules"]
    assert (base["name"], base["next_due"]) == ("base", None)
    assert base["next_local"].startswith("never: time zone: there is no `Mars/Base`")
    assert morning["next_local"].endswith("-01-01 07:00 CET")


@pytest.mark.parametrize(
    "fields", [{"topic": ""}, {"window_hours": 0}, {"window_hours": "24"}, {"formats": []}, {"every": 1}]
)
def test_a_field_that_is_wrong_is_named(client: TestClient, fields: dict[str, Any]) -> None:
    answer = client.post("/v1/schedules", json=BODY | fields)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == list(fields)


def test_two_of_one_name_are_refused(client: TestClient) -> None:
    client.post("/v1/schedules", json=BODY)
    assert "already" in client.post("/v1/schedules", json=BODY | {"name": "Morning"}).json()["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/schedules/evening"),
        ("DELETE", "/v1/schedules/evening"),
        ("POST", "/v1/schedules/evening/run"),
        ("POST", "/v1/schedules/evening/retry"),
    ],
)
def test_what_there_is_not_is_not_found(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path, json={} if method == "POST" else None)
    assert answer.status_code == 404
    assert "there is no schedule with this name" in answer.json()["detail"]


def test_run_and_wait_gives_what_became_of_it(client: TestClient, data_dir: Path) -> None:
    client.post("/v1/schedules", json=BODY | {"folder": ["desk"]})
    answer = client.post("/v1/schedules/morning/run", json={"wait": True})
    assert answer.status_code == 200
    [ran] = answer.json()["runs"]
    assert (ran["state"], ran["by_hand"]) == ("done", True)
    assert client.get(f"/v1/briefings/{ran['briefing_id']}").json()["topic"] == "ferry near Tarvik"
    assert [path.suffix for path in (data_dir / "delivered" / "desk").iterdir()] == [".md"]


def test_run_without_waiting_says_that_it_runs(client: TestClient, groundwire: Groundwire) -> None:
    client.post("/v1/schedules", json=BODY)
    answer = client.post("/v1/schedules/morning/run", json={})
    assert answer.status_code == 202
    assert answer.json()["runs"][0]["state"] in ("running", "done")
    for thread in groundwire.schedules._by_hand:
        thread.join(30)
    [ran] = client.get("/v1/schedules/morning").json()["runs"]
    assert ran["state"] == "done"


def test_a_run_is_not_begun_twice(client: TestClient, groundwire: Groundwire) -> None:
    client.post("/v1/schedules", json=BODY)
    work = groundwire.schedules._runner.start("morning")
    refused = client.post("/v1/schedules/morning/run", json={"wait": True})
    work()
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:groundwire:problem:already-running"
    assert refused.headers["retry-after"] == "2"


def test_a_page_elsewhere_cannot_start_a_run(client: TestClient) -> None:
    client.post("/v1/schedules", json=BODY)
    assert (
        client.post("/v1/schedules/morning/run", content="{}", headers={"Content-Type": "text/plain"}).status_code
        == 415
    )


def test_readiness_tells_of_schedules_that_there_are(client: TestClient) -> None:
    def parts() -> dict[str, str]:
        return {part["name"]: part["state"] for part in client.get("/readyz").json()["parts"]}

    assert "schedules" not in parts()
    client.post("/v1/schedules", json=BODY)
    assert parts()["schedules"] == "ok"


def test_the_feed_has_the_latest_briefings(client: TestClient) -> None:
    made = client.post("/v1/briefings", json={"topic": "ferry near Tarvik", "wait": True}).json()
    answer = client.get("/v1/briefings/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    [entry] = ET.fromstring(answer.content).findall("{http://www.w3.org/2005/Atom}entry")
    links = {link.attrib["rel"]: link.attrib["href"] for link in entry.findall("{http://www.w3.org/2005/Atom}link")}
    assert links["alternate"] == f"http://127.0.0.1/v1/briefings/{made['id']}?format=html"
    page = client.get(links["alternate"])
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_the_feed_of_another_topic_is_empty(client: TestClient) -> None:
    client.post("/v1/briefings", json={"topic": "ferry near Tarvik", "wait": True})
    answer = client.get("/v1/briefings/feed.atom", params={"topic": "orchards"})
    assert ET.fromstring(answer.content).findall("{http://www.w3.org/2005/Atom}entry") == []
