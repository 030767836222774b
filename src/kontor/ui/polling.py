"""Pages that stay open ask again and again: the same state costs no rendering and no bytes."""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import get_language


def answer_if_changed(
    request: HttpRequest, state: str, render: Callable[[], HttpResponse]
) -> HttpResponseBase:
    """304 if the browser has this state already, else the page that `render` makes.

    `state` names everything the page shows (a plan's version, the minute, the reader); the language and the kind of
    request (htmx or whole page) are added here.
    """
    facts = (state, get_language() or "", request.headers.get("HX-Request", ""))
    etag = quote_etag(hashlib.sha256("\0".join(facts).encode()).hexdigest()[:32])
    early = get_conditional_response(request, etag=etag)
    response = early if early is not None else render()
    response.headers["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response
