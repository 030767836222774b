"""Who has signed in: by password as allauth checks it, and found again at each page by a statement that is written once."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from kontor.accounts.models import User
from kontor.prepared import PreparedRows

_COLUMNS = tuple(field.attname for field in User._meta.concrete_fields)  # noqa: SLF001 -- the public API of models


def _user(key: int) -> QuerySet[User, tuple[Any, ...]]:
    return User.objects.filter(pk=key).values_list(*_COLUMNS)


_USER = PreparedRows(_user)


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """The one backend of the site, also for links, codes and passkeys."""

    def get_user(self, user_id: int | str) -> User | None:
        rows = _USER.read(key=int(user_id))
        if not rows:
            return None
        user = User.from_db(DEFAULT_DB_ALIAS, _COLUMNS, rows[0])
        return user if self.user_can_authenticate(user) else None
