"""Pages of signed-in people are never kept by a cache on the way."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PrivatePages:
    """Sets `Cache-Control: private, no-store` where somebody is signed in and the view said nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            # no-cache, not no-store: an open page may ask with its ETag whether anything is new
            response["Cache-Control"] = (
                "private, no-cache" if response.has_header("ETag") else "private, no-store"
            )
        return response
