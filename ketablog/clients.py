"""Who sends a request, as far as we want to know it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from ketablog.secrets import daily_hash


def client_key(request: HttpRequest) -> str:
    """A key of the sender's network for today: the same for an IPv4 address or an IPv6 /64, and no way back to it."""
    return daily_hash("client", _network(address(request)))[:32]


def address(request: HttpRequest) -> str | None:
    """The address that the outermost of our own proxies saw; what a client claims beyond that is not read.

    `None` where there is none, as behind a socket of the same machine.
    """
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    chain = [*forwarded, request.META.get("REMOTE_ADDR", "")]
    try:
        ip = ipaddress.ip_address(chain[-1 - min(settings.TRUSTED_PROXIES, len(chain) - 1)].strip("[]"))
    except ValueError:
        return None
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def _network(address: str | None) -> str:
    if address is None:
        return "unknown"
    ip = ipaddress.ip_address(address)
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network((int(ip), 64), strict=False))
