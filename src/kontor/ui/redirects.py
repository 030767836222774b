"""The one door for redirects to an address that came with the request."""

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def safe_redirect(request: HttpRequest, target: str | None, fallback: Any) -> HttpResponseRedirect:
    """Go to `target` if it is an address of this site, else to `fallback` (a URL name, an object or a path)."""
    is_ours = target is not None and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if target and is_ours else resolve_url(fallback))


def is_safe_target(target: str | None) -> bool:
    """Whether an address is a path of this site, so that it can be kept for later (in a mailed link)."""
    return bool(target) and url_has_allowed_host_and_scheme(str(target), allowed_hosts=None)
