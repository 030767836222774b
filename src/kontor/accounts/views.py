"""Pages of signing in by link or code, and of one's own settings."""

from allauth.account.internal.flows.login import Login, perform_login
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kontor.accounts.forms import MailLinkForm, PersonalCodeForm, SettingsForm
from kontor.accounts.middleware import SIGNED_IN_BY_CODE
from kontor.accounts.models import mail_identity
from kontor.accounts.permissions import signed_in
from kontor.accounts.services import CodeNotKnown, LinkNotValid, user_of_code, user_of_link
from kontor.accounts.throttle import count_attempt, is_throttled
from kontor.jobs.clock import now
from kontor.jobs.services import enqueue
from kontor.routes import ROLES, SIGNED_IN, page
from kontor.ui.redirects import is_safe_target, safe_redirect


@page(roles=ROLES, methods=("GET", "POST"))
def link_ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same, and as quick, whether the address is known or not."""
    form = MailLinkForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        target = form.cleaned_data["next"]
        account = mail_identity(form.cleaned_data["email"])
        if not is_throttled(request, "link", account):
            count_attempt(request, "link", account)
            # A job looks the address up: here the time of the answer would tell whether we know it.
            enqueue(
                "accounts.mail_sign_in_link",
                arguments={
                    "address": account,
                    "next_path": target if is_safe_target(target) else "",
                    "asked_at": now().isoformat(),
                },
            )
        return redirect("accounts:link-sent")
    return render(request, "accounts/link_ask.html", {"form": form, "code_form": PersonalCodeForm()})


@page(roles=ROLES)
def link_sent(request: HttpRequest) -> HttpResponse:
    """Say that a link is on its way, if the address is known."""
    return render(request, "accounts/link_sent.html")


@page(roles=ROLES, methods=("GET", "POST"))
def link_open(request: HttpRequest, token: str) -> HttpResponse:
    """Open a mailed link: a button signs in, so that programmes which look into mails do not spend the link."""
    try:
        user = user_of_link(token, at=now())
    except LinkNotValid as error:
        return render(request, "accounts/link_not_valid.html", {"sentence": str(error)}, status=410)
    if request.method == "POST":
        target = request.GET.get("next", "")
        redirect_url = target if is_safe_target(target) else None
        answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=redirect_url))
        return answer
    return render(request, "accounts/link_open.html", {"user_name": str(user)})


@page(roles=ROLES, methods=("GET", "POST"))
def code_enter(request: HttpRequest, code: str = "") -> HttpResponse:
    """Sign in by the code on a printed schedule, typed or from its QR code."""
    form = PersonalCodeForm(request.POST or None, initial={"code": code})
    if request.method == "POST" and form.is_valid():
        if is_throttled(request, "code"):
            form.add_error(
                "code",
                _("Too many attempts from here. Please wait a minute, or ask at the registration desk."),
            )
        else:
            try:
                user = user_of_code(form.cleaned_data["code"], at=now())
            except CodeNotKnown as error:
                count_attempt(request, "code")
                form.add_error("code", str(error))
            else:
                login(request, user)
                request.session[SIGNED_IN_BY_CODE] = user.personal_code.revision
                return redirect("portal:home")
    return render(request, "accounts/code_enter.html", {"form": form})


@page(roles=SIGNED_IN, methods=("GET", "POST"))
def settings_edit(request: HttpRequest) -> HttpResponse:
    """One's own language and time zone; links to password, passkeys and TOTP."""
    user = signed_in(request)
    form = SettingsForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return safe_redirect(request, request.POST.get("next"), reverse("accounts:settings-edit"))
    return render(request, "accounts/settings_edit.html", {"form": form})
