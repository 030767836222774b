"""How often somebody may try: counted per account and per network in the cache of this process."""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

ATTEMPTS = 10
"""of one account within the window; a network, behind which a whole conference may sit, has five times as many"""
WINDOW_S = 60


def is_throttled(request: HttpRequest, action: str, account: str = "") -> bool:
    """Whether this network or this account had too many attempts within the last minute."""
    counts = cache.get_many(_keys(request, action, account))
    return any(counts.get(key, 0) >= limit for key, limit in _keys(request, action, account).items())


def count_attempt(request: HttpRequest, action: str, account: str = "") -> None:
    """Count one attempt for the next minute."""
    for key in _keys(request, action, account):
        if not cache.add(key, 1, WINDOW_S):
            try:
                cache.incr(key)
            except ValueError:  # it expired between the two lines
                cache.add(key, 1, WINDOW_S)


def _keys(request: HttpRequest, action: str, account: str) -> dict[str, int]:
    """Keys of the cache with their limits; addresses are kept as hashes only."""
    whose = {f"network:{_network(request)}": ATTEMPTS * 5}
    if account:
        whose[f"account:{account}"] = ATTEMPTS
    return {
        "throttle:" + hashlib.sha256(f"{action}:{who}".encode()).hexdigest(): limit
        for who, limit in whose.items()
    }


def _network(request: HttpRequest) -> str:
    """The address of the caller; behind our own proxy the one that it saw, which nobody else can write."""
    if settings.SECURE_PROXY_SSL_HEADER:
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if seen:
            return seen
    return str(request.META.get("REMOTE_ADDR", ""))
