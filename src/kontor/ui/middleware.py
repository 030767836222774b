"""What every answer passes: the policy for its content, and a page to read while the database is busy or the disk full."""

import errno
from collections.abc import Callable
from dataclasses import asdict

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import get_language

RETRY_AFTER_S = 30


class ContentPolicy(CSPMiddleware):
    """Sets the policy of the settings, written once: no page of ours has nonces or exceptions of its own."""

    _policy = ""

    def process_request(self, request: HttpRequest) -> None:
        """Nothing to prepare."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Django asks here before an answer leaves."""
        if not self._policy:
            self._policy = build_policy(**asdict(self.get_policy_parts(request=request, response=response)))
        response.headers.setdefault(HEADER, self._policy)
        return response


class BusyPage:
    """Answers 503 where a view met a locked, full or unreachable database, or a full disk.

    Services write in one transaction, so nothing of the request was kept. The page itself reads nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django asks here when a view raised."""
        is_full = isinstance(exception, OSError) and exception.errno == errno.ENOSPC
        if not is_full and not isinstance(exception, OperationalError):
            return None
        context = {"language": get_language(), "was_sent": request.method == "POST", "path": request.path}
        return HttpResponse(
            render_to_string("503.html", context),
            status=503,
            headers={"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"},
        )
