"""The one door for requests that leave the site: only to services that the operator named, within a time, never led elsewhere."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from urllib.parse import urlsplit

from django.conf import settings

CHUNK = 64 * 1024


class OutgoingFailed(Exception):
    """The service did not answer in time, answered with an error, or not as agreed; the job may try again."""


def origin_of(url: str) -> str:
    """Scheme, host and port, as settings.OUTGOING_ORIGINS lists them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".casefold()


def post_json(
    url: str, data: Mapping[str, object], *, limit_s: float = 20.0, most_bytes: int = 1_000_000
) -> object:
    """Send JSON and read JSON; called by jobs, never while somebody waits for a page.

    Raises ValueError for an address outside settings.OUTGOING_ORIGINS, and `OutgoingFailed`.
    """
    if origin_of(url) not in settings.OUTGOING_ORIGINS:
        raise ValueError(f"{origin_of(url)} is none of OUTGOING_ORIGINS {sorted(settings.OUTGOING_ORIGINS)}")
    request = urllib.request.Request(  # noqa: S310 -- settings admit http and https only
        url, data=json.dumps(data).encode(), headers={"Content-Type": "application/json"}
    )
    opener = _opener()
    end = time.monotonic() + limit_s
    parts: list[bytes] = []
    try:
        with opener.open(request, timeout=limit_s) as answer:
            # read1 returns what is there: a service that drips cannot hold the job beyond its time
            while part := answer.read1(CHUNK):
                parts.append(part)
                if sum(map(len, parts)) > most_bytes:
                    raise OutgoingFailed(f"more than {most_bytes} bytes")
                if time.monotonic() > end:
                    raise OutgoingFailed(f"no whole answer within {limit_s} s")
        return json.loads(b"".join(parts))
    except urllib.error.HTTPError as error:
        raise OutgoingFailed(f"status {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise OutgoingFailed(str(error)) from error


def _opener() -> urllib.request.OpenerDirector:
    """HTTP and nothing else: no redirects, no proxies of the environment, no files, no cookies."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener
