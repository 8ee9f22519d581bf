"""From which address somebody asks, where proxies stand in between; a stranger cannot choose it."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

#: Whoever has one address of IPv6 has a network of this size.
OF_ONE_SUBSCRIBER = 64


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks, or its network where it is one of IPv6; ``unknown`` where the server does not say.

    ``X-Forwarded-For`` is believed of trusted proxies only (``DOKAZ_PROXIES``), and only what these added: it is read from
    its end for as long as the address that added a part is a trusted proxy's.
    """
    told = str(request.META.get("REMOTE_ADDR") or "")
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    while forwarded and _is_trusted(told, settings.TRUSTED_PROXIES):
        before = forwarded.pop()
        if _read(before) is None:
            break
        told = before
    address = _read(told)
    if address is None:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Network((address, OF_ONE_SUBSCRIBER), strict=False))
    return str(address)


def _is_trusted(address: str, proxies: Sequence[str]) -> bool:
    read = _read(address)
    return read is not None and any(read in ip_network(proxy, strict=False) for proxy in proxies)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
