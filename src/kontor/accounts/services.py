"""What can be done with sign-ins: mail a link, sign in by it, issue and revoke personal codes."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.accounts.models import PersonalCode, User, code_for, hash_of_code, mail_identity
from kontor.audit.services import record
from kontor.errors import DomainError
from kontor.jobs.outbox import NewMail, queue_mail

LINK_MAX_AGE = timedelta(minutes=30)
_SALT = "kontor.accounts.sign-in-link"


class LinkNotValid(DomainError):
    """The link is too old, was used, or was never made by us."""

    sentence = gettext_lazy("This link is no longer valid. Please ask for a new one; it takes a few seconds.")


@transaction.atomic
def mail_sign_in_link(address: str, *, next_path: str, at: datetime) -> None:
    """Queue a link for whoever has this address; does nothing, visibly the same, for an unknown one."""
    user = User.objects.filter(email=mail_identity(address), is_active=True).first()
    if user is None or user.email is None:
        return
    token = signing.dumps([user.public_id, _freshness(user), int(at.timestamp())], salt=_SALT)
    with translation.override(user.language):
        path = reverse("accounts:link-open", args=[token])
        link = settings.ORIGIN + path + (f"?{urlencode({'next': next_path})}" if next_path else "")
        queue_mail(
            NewMail(
                to=user.email,
                user=user,
                subject=_("Your link to sign in to Kontor"),
                body=_(
                    "Hello,\n\nopen this link to sign in. It works once and for 30 minutes:\n\n%(link)s\n\n"
                    "If you did not ask for it, you need not do anything."
                )
                % {"link": link},
                language=user.language,
                cause=user,
                key=f"sign-in-link:{token}",
            )
        )
    record("sign_in_link_asked", by=None, subject=user, at=at)


@transaction.atomic
def mail_password_reset(address: str) -> None:
    """Queue a link to set a new password for whoever has this address; nothing for an unknown one."""
    user = User.objects.filter(email=mail_identity(address), is_active=True).first()
    if user is None or user.email is None:
        return
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    with translation.override(user.language):
        url = settings.ORIGIN + reverse("account_reset_password_from_key", kwargs=key)
    get_adapter().send_mail(
        "account/email/password_reset_key", user.email, {"user": user, "password_reset_url": url}
    )


def user_of_link(token: str, *, at: datetime) -> User:
    """Whom a link signs in. Raises LinkNotValid; a link is spent by the sign-in, since that moves `last_login`."""
    try:
        public_id, freshness, made_at = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise LinkNotValid from error
    if not timedelta(0) <= at - datetime.fromtimestamp(made_at, UTC) <= LINK_MAX_AGE + timedelta(seconds=1):
        raise LinkNotValid
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    if user is None or _freshness(user) != freshness:
        raise LinkNotValid
    return user


def _freshness(user: User) -> str:
    return user.last_login.isoformat() if user.last_login else ""


@transaction.atomic
def issue_personal_code(user: User, *, by: User | None, at: datetime) -> PersonalCode:
    """The user's code; the same one as long as it is not revoked."""
    code = PersonalCode.objects.select_for_update().filter(user=user).first()
    if code is None:
        code = PersonalCode.objects.create(user=user, code_hash=hash_of_code(code_for(user.public_id, 1)))
        record("personal_code_issued", by=by, subject=user, at=at)
    elif code.revoked_at is not None:
        code.revision += 1
        code.code_hash = hash_of_code(code_for(user.public_id, code.revision))
        code.revoked_at = None
        code.save(update_fields=("revision", "code_hash", "revoked_at"))
        record("personal_code_issued", by=by, subject=user, at=at)
    return code


@transaction.atomic
def issue_missing_codes(users: Iterable[User]) -> int:
    """Codes for those of these users who never had one; a revoked code stays revoked. Returns how many are new."""
    wanted = {user.pk: user for user in users}
    known = PersonalCode.objects.filter(user__in=wanted).values_list("user", flat=True)
    without = [user for pk, user in wanted.items() if pk not in set(known)]
    PersonalCode.objects.bulk_create(
        PersonalCode(user=user, code_hash=hash_of_code(code_for(user.public_id, 1))) for user in without
    )
    return len(without)


@transaction.atomic
def revoke_personal_code(user: User, *, by: User | None, at: datetime) -> None:
    """Make the printed code useless from the next request on; sessions that it opened end too."""
    code = PersonalCode.objects.select_for_update().filter(user=user, revoked_at__isnull=True).first()
    if code is None:
        return
    code.revoked_at = at
    code.save(update_fields=("revoked_at",))
    record("personal_code_revoked", by=by, subject=user, at=at)


def is_code_good(user_id: int | None, revision: int) -> bool:
    """Whether the code by which somebody signed in is still theirs; asked at each request of such a session."""
    return PersonalCode.objects.filter(user=user_id, revision=revision, revoked_at__isnull=True).exists()


class CodeNotKnown(DomainError):
    """No such code, or a revoked one."""

    sentence = gettext_lazy(
        "This code is not known. Please check the letters and digits, or ask at the registration desk."
    )


@transaction.atomic
def user_of_code(code: str, *, at: datetime) -> User:
    """Whom a personal code signs in; never somebody who may do more than take part. Raises CodeNotKnown."""
    row = (
        PersonalCode.objects.select_related("user")
        .filter(code_hash=hash_of_code(code), revoked_at__isnull=True, user__is_active=True)
        .first()
    )
    if row is None or row.user.is_superuser or row.user.may_organise:
        raise CodeNotKnown
    row.last_used_at = at
    row.save(update_fields=("last_used_at",))
    return row.user
