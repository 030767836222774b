"""Sessions opened by a printed code end with it; pages of signed-in people are never kept by a cache on the way."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from kontor.accounts.services import is_code_good

SIGNED_IN_BY_CODE = "signed_in_by_code"
"""key of the session: the revision of the code"""


class PrivatePages:
    """Signs out whose code was revoked; sets `Cache-Control: private` where the view said nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        revision = request.session.get(SIGNED_IN_BY_CODE)
        if revision is not None and not is_code_good(request.user.pk, revision):
            logout(request)
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            # no-cache, not no-store: an open page may ask with its ETag whether anything is new
            response["Cache-Control"] = (
                "private, no-cache" if response.has_header("ETag") else "private, no-store"
            )
        return response
