"""The seam to where briefings go, and its shipped fake."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from service.briefing.briefing import Briefing
from service.briefing.rendering.formats import Format, rendered
from service.errors import DeliveryFailed


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is delivered. `id` stays the same over all attempts, so that a receiver knows a second copy."""

    id: str
    schedule: str
    briefing: Briefing
    formats: tuple[Format, ...]

    def file(self, wanted: Format) -> bytes:
        return rendered(self.briefing, wanted)

    def file_name(self, wanted: Format) -> str:
        """The same for every attempt: `morning-2025-11-14-0700-1a2b3c4d.html`."""
        moment = self.briefing.created_at
        when = f"{moment[:10]}-{moment[11:13]}{moment[14:16]}"
        return f"{self.schedule}-{when}-{self.briefing.id.removeprefix('brf_')[:8]}.{wanted}"


class Deliverer(Protocol):
    """Brings parcels to one kind of target."""

    def check(self, to: str) -> None:
        """Raise InputRejected for a target that can never be reached: a setting is missing, or it is not allowed."""

    def deliver(self, parcel: Parcel, to: str) -> None:
        """Returns when it has arrived. Raises DeliveryFailed, one plain line without secrets; GroundwireError else."""


@dataclass(slots=True)
class RecordingDeliverer:
    """The shipped fake: keeps what it was given, and fails with each of `failures` first."""

    failures: list[str] = field(default_factory=list)
    delivered: list[tuple[Parcel, str]] = field(default_factory=list)

    def check(self, to: str) -> None:
        """Everything can be reached."""

    def deliver(self, parcel: Parcel, to: str) -> None:
        if self.failures:
            raise DeliveryFailed(self.failures.pop(0))
        self.delivered.append((parcel, to))
