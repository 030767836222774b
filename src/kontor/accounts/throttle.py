"""How often somebody may try: counted per account and per network in the cache of this process group."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

ATTEMPTS = 10
WINDOW_S = 60


def is_throttled(request: HttpRequest, action: str, account: str) -> bool:
    """Count one attempt; true when this network or this account had too many within the last minute."""
    network = request.META.get("REMOTE_ADDR", "")
    counts = []
    for who in (f"network:{network}", f"account:{account.lower()}"):
        key = "throttle:" + hashlib.sha256(f"{action}:{who}".encode()).hexdigest()
        cache.add(key, 0, WINDOW_S)
        try:
            counts.append(cache.incr(key))
        except ValueError:  # it expired between the two lines
            counts.append(1)
    return counts[0] > ATTEMPTS * 5 or counts[1] > ATTEMPTS
