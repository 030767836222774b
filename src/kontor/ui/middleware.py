"""What a reader sees while the database is busy or the disk is full: what to do, and that nothing is half saved."""

import errno
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

RETRY_AFTER_S = 30


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
