"""Users and their personal codes."""

import hashlib
import hmac
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from kontor.i18n.public_ids import ALPHABET, new_public_id


def mail_identity(address: str) -> str:
    """The key by which two addresses are one: ASCII letters folded, nothing else (no Unicode folding, see CVE-2019-19844)."""
    return "".join(character.lower() if character.isascii() else character for character in address.strip())


class UserManager(BaseUserManager["User"]):
    """Creates users; addresses are stored as their identity."""

    def create_user(self, email: str | None, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=mail_identity(email) if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(
            email, password, is_superuser=True, is_staff=True, may_organise=True, **fields
        )


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in. Operators are superusers; organisers of an event are named by the event."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Berlin")
    may_organise = models.BooleanField(default=False)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email or self.public_id

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_operator(self) -> bool:
        """May look at jobs, mails and audit of the whole site."""
        return self.is_superuser


class PersonalCode(models.Model):
    """The code printed on the schedule of somebody without e-mail; it signs them in, but never organisers or operators.

    The code is derived from the secret key, so it can be printed again; the row holds only its hash.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="personal_code")
    revision = models.PositiveIntegerField(default=1)
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"code {self.revision} of {self.user_id}"

    @property
    def code(self) -> str:
        """Twenty characters in groups of five, as printed."""
        return code_for(self.user.public_id, self.revision)


def code_for(public_id: str, revision: int) -> str:
    """The code of a user and revision: 97 bits, groups of five letters and digits."""
    digest = hmac.digest(
        settings.SECRET_KEY.encode(), f"personal-code:{public_id}:{revision}".encode(), "sha256"
    )
    number = int.from_bytes(digest[:16], "big")
    letters = []
    for _position in range(20):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "-".join("".join(letters[start : start + 5]) for start in range(0, 20, 5))


def hash_of_code(code: str) -> str:
    """What the table holds of a code; dashes, blanks and capitals do not matter."""
    plain = "".join(character for character in code.lower() if character in ALPHABET)
    return hashlib.sha256(f"{plain}:{settings.SECRET_KEY}".encode()).hexdigest()
