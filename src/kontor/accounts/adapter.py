"""How allauth behaves here: people come by list or invitation, mails go through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from kontor.accounts.models import User, mail_identity
from kontor.i18n.public_ids import new_public_id
from kontor.jobs import clock
from kontor.jobs.outbox import NewMail, queue_mail
from kontor.ui.formatting import format_day
from kontor.ui.redirects import is_safe_target


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closed to strangers; identities by exact address; links from the configured origin only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth passes it
        return False

    def clean_email(self, email: str) -> str:
        return mail_identity(email)

    def is_safe_url(self, url: str | None) -> bool:
        return is_safe_target(url)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue what allauth would send (password resets); the request's transaction carries it."""
        user = context.get("user")
        with translation.override(getattr(user, "language", settings.LANGUAGE_CODE)):
            message = self.render_mail(template_prefix, email, context)
        queue_mail(
            NewMail(
                to=email,
                subject=message.subject,
                body=message.body,
                language=getattr(user, "language", settings.LANGUAGE_CODE),
                cause=user or User.objects.get(email=mail_identity(email)),
                key=f"{template_prefix}:{new_public_id()}",
                user=user,
            )
        )

    def get_logout_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 -- allauth passes it
        return reverse("portal:home")

    def get_login_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 -- allauth passes it
        return reverse("portal:home")


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Passkeys are named by the day on which they came, until their owner says on which device they are."""

    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,  # noqa: ARG002 -- allauth passes it
        type: Authenticator.Type,  # noqa: A002, ARG002 -- allauth passes it
    ) -> str:
        return gettext("Passkey of %(day)s") % {"day": format_day(clock.now())}
