"""Who sends a request, as far as we want to know it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from ketablog.secrets import daily_hash


def client_key(request: HttpRequest) -> str:
    """A key of the sender's network for today: the same for an IPv4 address or an IPv6 /64, and no way back to it."""
    return daily_hash("client", _network(_address(request)))[:32]


def _address(request: HttpRequest) -> str:
    """The address that the outermost of our own proxies saw; what a client claims beyond that is not read."""
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    chain = [*forwarded, request.META.get("REMOTE_ADDR", "")]
    return chain[-1 - min(settings.TRUSTED_PROXIES, len(chain) - 1)]


def _network(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return "unknown"
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network((ip, 64), strict=False))
