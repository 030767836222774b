"""Who may decide about the vocabulary."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser


def can_decide_labels(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whoever runs the site."""
    return user.is_active and bool(getattr(user, "is_superuser", False))
