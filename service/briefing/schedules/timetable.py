"""When a schedule is due: a cron expression in a time zone."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from service.errors import InputRejected

EXAMPLE = "`0 7 * * 1-5` is 07:00 from Monday to Friday"
CRON_CHARACTERS = 200
_FIELDS = {
    "minute": "0-59",
    "hour": "0-23",
    "day-of-month": "1-31",
    "month": "1-12 or JAN-DEC",
    "day-of-week": "0-7 or SUN-SAT, 0 and 7 are Sunday",
}
_ZONES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Timetable:
    """A cron expression of five fields and the zone whose clock it means.

    Times that a change of the clocks leaves out or repeats are treated as Debian's cron does: a time that is left out
    comes with the change, one that is repeated comes once. Raises InputRejected, one line with an example.
    """

    cron: str
    zone: str
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_zone", _zone_of(self.zone))
        _demand_valid(self.cron)

    def after(self, moment: datetime) -> datetime:
        """The first due time later than the moment, in UTC."""
        return next(CronSim(self.cron, moment.astimezone(self._zone))).astimezone(UTC)

    def last_until(self, moment: datetime) -> datetime:
        """The last due time that is not later than the moment, in UTC."""
        # It gives what is before a moment, and due times are whole minutes.
        from_here = moment.replace(microsecond=0) + timedelta(seconds=1)
        return next(CronSim(self.cron, from_here.astimezone(self._zone), reverse=True)).astimezone(UTC)

    def in_words(self) -> str:
        """For people: `At 07:00 from Monday through Friday, Europe/Oslo`."""
        return f"{CronSim(self.cron, datetime.now(UTC)).explain()}, {self.zone}"

    def local(self, moment: datetime) -> str:
        """The moment on the zone's clock: `2025-11-14 07:00 EET`."""
        return moment.astimezone(self._zone).strftime("%Y-%m-%d %H:%M %Z")


def _demand_valid(cron: str) -> None:
    fields = cron.split()
    if len(cron) > CRON_CHARACTERS:
        raise InputRejected(f"cron: has {len(cron):,} characters, the limit is {CRON_CHARACTERS}; {EXAMPLE}")
    if len(fields) != len(_FIELDS):
        raise InputRejected(
            f"cron: has {len(fields)} of the 5 fields minute, hour, day of month, month, day of week; {EXAMPLE}"
        )
    try:
        next(CronSim(cron, datetime.now(UTC)))
    except CronSimError as error:
        raise InputRejected(f"cron: {_what_is_wrong(str(error), fields)}; {EXAMPLE}") from None
    except StopIteration:
        raise InputRejected(f"cron: `{cron}` is a day that never comes; {EXAMPLE}") from None


def _what_is_wrong(message: str, fields: list[str]) -> str:
    name = message.removeprefix("Bad ")
    if name not in _FIELDS:
        return message[:1].lower() + message[1:]
    value = fields[list(_FIELDS).index(name)]
    if name == "day-of-month" and value.replace("/", "").isdigit():
        return f"day-of-month `{value}` is not a day (1-31) of the month it is in"
    return f"{name} `{value}` is not valid ({_FIELDS[name]}, with * , - and /)"


@cache
def _zones() -> frozenset[str]:
    """Some 600, from hundreds of files: read once."""
    return frozenset(available_timezones())


def _zone_of(name: str) -> ZoneInfo:
    known = _zones()
    if name in known:
        return ZoneInfo(name)
    by_folded = {zone.casefold(): zone for zone in known}
    wanted = name.strip().replace(" ", "_").casefold()
    # A person names the city; the list names the continent too.
    cities = {zone.rsplit("/", 1)[-1]: by_folded[zone] for zone in sorted(by_folded, reverse=True)}
    near = difflib.get_close_matches(wanted, by_folded, n=_ZONES_SHOWN, cutoff=0.6)
    near_cities = difflib.get_close_matches(wanted.rsplit("/", 1)[-1], cities, n=_ZONES_SHOWN, cutoff=0.6)
    nearest = list(dict.fromkeys([by_folded[zone] for zone in near] + [cities[city] for city in near_cities]))
    hint = f"did you mean {' or '.join(nearest[:_ZONES_SHOWN])}?" if nearest else "write for example Europe/Kyiv or UTC"
    raise InputRejected(f"time zone: there is no `{name[:60]}`; {hint}")
