"""The service's problem details as the errors that the same calls would have raised in this process."""

from __future__ import annotations

import httpx

from service.errors import AlreadyRunning, GroundwireError, InputRejected, NotFound, ServiceUnreachable


class TooLarge(InputRejected):
    """The service does not read so large a body: send less at once."""


REFUSALS: dict[int, type[GroundwireError]] = {404: NotFound, 409: AlreadyRunning, 413: TooLarge, 422: InputRejected}


def error_of(response: httpx.Response, address: str) -> GroundwireError:
    """For a response that is not a success."""
    try:
        detail = str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return ServiceUnreachable(f"the service at {address} answered {response.status_code}; restart it")
    refusal = REFUSALS.get(response.status_code)
    if refusal is None:
        return ServiceUnreachable(f"the service at {address} cannot do this: {detail}")
    return refusal(detail)
