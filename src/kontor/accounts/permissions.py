"""Who opened a page."""

from django.http import HttpRequest

from kontor.accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The user of a page that is closed to visitors."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 -- LoginRequiredMiddleware let only users in
    return user
