"""Who may decide about the vocabulary."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from kontor.audit.models import is_operator


def can_decide_labels(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whoever runs the site."""
    return is_operator(user)
