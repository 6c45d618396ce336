"""Which addresses of the network a webhook may be sent to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence

from service.errors import DeliveryFailed

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host, most wanted first. Raises OSError."""

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_INSIDE = tuple(ipaddress.ip_network(network) for network in ("::/96", "fec0::/10", "64:ff9b:1::/48"))
"""What Python calls global and is not: IPv4 addresses in an old notation (RFC 4291, 2.5.5.1), sites (RFC 3879), and
the translation of a network to its own (RFC 8215)."""


def resolved(host: str, port: int) -> list[str]:
    """By the machine's own resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Not this machine, not the network it stands in, and nothing that leads there by another notation."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour
        if inner is None and parsed in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if parsed.teredo is not None or any(parsed in network for network in _INSIDE):
            return False
        if inner is not None:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast


def address_of(host: str, port: int, *, may_be_private: bool, resolve: Resolve) -> str:
    """The address to connect to, looked up once: a name that changes its mind afterwards changes nothing.

    Raises DeliveryFailed for a host that is not known, and for one of which any address is not public.
    """
    try:
        addresses = list(resolve(host, port))
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no address is known"
        raise DeliveryFailed(f"the host {host} was not found: {reason}") from error
    if not addresses:
        raise DeliveryFailed(f"the host {host} was not found: no address is known")
    if not may_be_private and not all(is_public(address) for address in addresses):
        raise DeliveryFailed(
            f"the host {host} has an address inside this network, and nothing was sent to it; "
            "name it in GROUNDWIRE_WEBHOOK_PRIVATE_HOSTS if that is meant"
        )
    return addresses[0]
