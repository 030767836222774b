"""Who may read the audit."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser


def can_audit(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Operators are active superusers."""
    return user.is_active and bool(getattr(user, "is_superuser", False))
