"""An organisation's own people and the staff of its clusters write the profile, names, numbers and sites, and confirm them."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.directory.countries import country_name
from kontor.directory.forms import ApplicationForm, NameForm, NumberForm, ProfileForm, SiteForm
from kontor.directory.models import Organisation, OrganisationName, RegistryNumber, Site
from kontor.directory.permissions import staff_or_404, works_for_a_cluster
from kontor.directory.services import clusters, organisations, sites
from kontor.directory.services.organisations import NameData, ProfileChangedMeanwhile
from kontor.directory.views.pages import language_names, topic_words
from kontor.errors import DomainError, outcome_told
from kontor.i18n import Text
from kontor.i18n.text import LANGUAGES
from kontor.jobs.clock import now
from kontor.routes import EDITORS, STAFF, page

CHECKS = (
    Organisation.Verification.NONE,
    Organisation.Verification.STAFF,
    Organisation.Verification.REGISTER,
)
STATES = (Organisation.State.PUBLISHED, Organisation.State.ARCHIVED, Organisation.State.BLOCKED)


def editable_or_404(request: HttpRequest, public_id: str) -> Organisation:
    """The organisation, if this user may write its profile."""
    user = signed_in(request)
    found = Organisation.objects.editable_by(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@page(roles=EDITORS, of="directory.Organisation", methods=("GET", "POST"))
def organisation_edit(request: HttpRequest, organisation: str) -> HttpResponse:
    """Write the profile; whoever comes second keeps their words and sees the other version beside them."""
    found = editable_or_404(request, organisation)
    form = ProfileForm(request.POST or None, instance=found)
    context: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        try:
            organisations.save_profile(
                form.profile(), by=signed_in(request), at=now(), seen_at=form.cleaned_data["seen_at"]
            )
        except ProfileChangedMeanwhile as error:
            stored = Organisation.objects.get(pk=found.pk)
            context["theirs"] = _differences(stored, form)
            form = _with_newest(request, stored)
            form.add_error(None, str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            _stated_by_itself(request, found)
            messages.success(request, _("Saved and confirmed for twelve months."))
            return redirect("directory:organisation-show", organisation)
    context |= {"form": form, "organisation": found}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "directory/organisation_edit.html", context, status=status)


def _with_newest(request: HttpRequest, stored: Organisation) -> ProfileForm:
    """What was written, as a change of the version that is stored now."""
    data = request.POST.copy()
    data["seen_at"] = stored.confirmed_at.isoformat() if stored.confirmed_at else ""
    form = ProfileForm(data, instance=stored)
    form.is_valid()
    return form


def _differences(stored: Organisation, form: ProfileForm) -> list[tuple[str, str, str]]:
    """(field, what is stored now, what this writer wrote) of all fields that differ."""
    shown = []
    mine_of = form.instance
    for name in form.Meta.fields:
        theirs, mine = getattr(stored, name), getattr(mine_of, name)
        if theirs != mine:
            shown.append((str(form.fields[name].label), _shown(stored, name), _shown(mine_of, name)))
    if stored.topics != mine_of.topics:
        shown.append((str(form.fields["topic_names"].label), _topics(stored), _topics(mine_of)))
    return shown


def _shown(organisation: Organisation, name: str) -> str:
    value = getattr(organisation, name)
    if isinstance(value, Text):
        names = language_names()
        return " · ".join(
            f"{names[language]}: {words}" for language in LANGUAGES if (words := value.in_language(language))
        )
    if name == "country":
        return country_name(value, get_language() or "en") if value else ""
    display = getattr(organisation, f"get_{name}_display", None)
    return str(display() if display else "" if value is None else value)


def _topics(organisation: Organisation) -> str:
    return ", ".join(one.name for one in topic_words(organisation.topics))


def _stated_by_itself(request: HttpRequest, organisation: Organisation) -> None:
    """What nobody checked is from now on the word of the organisation, when its own people wrote it."""
    user = signed_in(request)
    if organisation.verification == Organisation.Verification.NONE and not works_for_a_cluster(user):
        organisations.verify_organisation(
            organisation, verification=Organisation.Verification.SELF, by=user, at=now()
        )


@page(roles=EDITORS, of="directory.Organisation")
def organisation_details(request: HttpRequest, organisation: str) -> HttpResponse:
    """Names, registry numbers and sites, with what can be done about them."""
    return _details(request, editable_or_404(request, organisation))


def _details(request: HttpRequest, found: Organisation, **forms: BaseForm) -> HttpResponse:
    context = {
        "organisation": found,
        "names": found.names.all(),
        "numbers": found.registry_numbers.all(),
        "sites": found.sites.all(),
        "memberships": found.memberships.live().select_related("cluster"),
        "name_form": NameForm(prefix="name"),
        "number_form": NumberForm(prefix="number"),
        "application_form": ApplicationForm(prefix="application"),
        "is_staff": works_for_a_cluster(signed_in(request)),
        "checks": [(one.value, one.label) for one in CHECKS],
        "states": [(one.value, one.label) for one in STATES if one != found.state],
    }
    status = 422 if forms else 200
    return render(request, "directory/organisation_details.html", context | forms, status=status)


@page(roles=EDITORS, of="directory.Organisation", methods=("POST",))
def organisation_confirm(request: HttpRequest, organisation: str) -> HttpResponse:
    """The profile is still right."""
    found = editable_or_404(request, organisation)
    organisations.confirm_organisation(found, by=signed_in(request), at=now())
    _stated_by_itself(request, found)
    messages.success(request, _("Confirmed for twelve months."))
    return redirect("directory:organisation-show", organisation)


@page(roles=STAFF, of="directory.Organisation", methods=("POST",))
def organisation_verify(request: HttpRequest, organisation: str) -> HttpResponse:
    """Say how the profile was checked."""
    user, at = staff_or_404(request), now()
    found = editable_or_404(request, organisation)
    how = request.POST.get("how", "")
    if how not in CHECKS:
        raise Http404
    with outcome_told(request, _("Saved.")):
        organisations.verify_organisation(found, verification=how, by=user, at=at)
    return redirect("directory:organisation-details", organisation)


@page(roles=STAFF, of="directory.Organisation", methods=("POST",))
def organisation_move(request: HttpRequest, organisation: str) -> HttpResponse:
    """Publish, archive or block."""
    user, at = staff_or_404(request), now()
    found = editable_or_404(request, organisation)
    state = request.POST.get("state", "")
    if state not in STATES:
        raise Http404
    with outcome_told(request, _("Saved.")):
        organisations.set_state(found, state=state, by=user, at=at)
    return redirect("directory:organisation-details", organisation)


@page(roles=EDITORS, of="directory.Organisation", methods=("POST",))
def name_add(request: HttpRequest, organisation: str) -> HttpResponse:
    """One more name; forty are as good as one."""
    found = editable_or_404(request, organisation)
    form = NameForm(request.POST, prefix="name")
    if not form.is_valid():
        return _details(request, found, name_form=form)
    names = [*map(_name_data, found.names.all()), form.name]
    with outcome_told(request, _("Saved.")):
        organisations.set_names(found, names, by=signed_in(request), at=now())
    return redirect("directory:organisation-details", organisation)


@page(roles=EDITORS, of="directory.Organisation", methods=("POST",))
def name_remove(request: HttpRequest, organisation: str) -> HttpResponse:
    """Take a name away."""
    found = editable_or_404(request, organisation)
    gone = request.POST.get("name", "")
    rows = list(found.names.all())
    names = [_name_data(one) for one in rows if one.public_id != gone]
    if len(names) == len(rows):
        raise Http404
    with outcome_told(request, _("Saved.")):
        organisations.set_names(found, names, by=signed_in(request), at=now())
    return redirect("directory:organisation-details", organisation)


def _name_data(row: OrganisationName) -> NameData:
    return NameData(
        language=row.language,
        text=row.text,
        kind=row.kind,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        source=row.source,
    )


@page(roles=EDITORS, of="directory.Organisation", methods=("POST",))
def number_add(request: HttpRequest, organisation: str) -> HttpResponse:
    """A number of a register; what is wrong with it is said down to the digit."""
    found = editable_or_404(request, organisation)
    form = NumberForm(request.POST, prefix="number")
    if form.is_valid():
        try:
            organisations.add_registry_number(
                found,
                scheme=form.cleaned_data["scheme"],
                text=form.cleaned_data["number"],
                court=form.cleaned_data["court"],
                by=signed_in(request),
                at=now(),
            )
        except DomainError as error:
            form.add_error("number", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:organisation-details", organisation)
    return _details(request, found, number_form=form)


@page(roles=EDITORS, of="directory.Organisation", methods=("POST",))
def number_remove(request: HttpRequest, organisation: str) -> HttpResponse:
    """Take a number away that was written to the wrong organisation."""
    found = editable_or_404(request, organisation)
    row = RegistryNumber.objects.filter(
        organisation=found,
        scheme=request.POST.get("scheme", ""),
        number=request.POST.get("number", ""),
        court=request.POST.get("court", ""),
    ).first()
    if row is None:
        raise Http404
    with outcome_told(request, _("Saved.")):
        organisations.remove_registry_number(row, by=signed_in(request), at=now())
    return redirect("directory:organisation-details", organisation)


@page(roles=EDITORS, of="directory.Organisation", methods=("POST",))
def membership_apply(request: HttpRequest, organisation: str) -> HttpResponse:
    """Ask a cluster to take this organisation in."""
    found = editable_or_404(request, organisation)
    form = ApplicationForm(request.POST, prefix="application")
    if form.is_valid():
        try:
            clusters.apply_for_membership(
                form.cleaned_data["cluster"],
                organisation=found,
                category=form.cleaned_data["category"],
                is_listed=form.cleaned_data["is_listed"],
                by=signed_in(request),
                at=now(),
            )
        except DomainError as error:
            form.add_error("cluster", str(error))
        else:
            messages.success(request, _("The cluster sees your application now."))
            return redirect("directory:organisation-details", organisation)
    return _details(request, found, application_form=form)


@page(roles=EDITORS, of="directory.Organisation", methods=("GET", "POST"))
def site_new(request: HttpRequest, organisation: str) -> HttpResponse:
    """Write down where the organisation is."""
    found = editable_or_404(request, organisation)
    return _edit_site(request, Site(organisation=found, source=found.website, country=found.country))


@page(roles=EDITORS, of="directory.Site", methods=("GET", "POST"))
def site_edit(request: HttpRequest, site: str) -> HttpResponse:
    """Change what is written of a site."""
    return _edit_site(request, _site_or_404(request, site))


def _edit_site(request: HttpRequest, site: Site) -> HttpResponse:
    form = SiteForm(request.POST or None, instance=site)
    if request.method == "POST" and form.is_valid():
        changed = form.save(commit=False)
        if form.has_changed() and not works_for_a_cluster(signed_in(request)):
            # what the staff verified was something else
            changed.is_verified, changed.verified_at, changed.verified_by = False, None, None
        try:
            sites.save_site(changed, by=signed_in(request), at=now())
        except sites.ClaimNeedsSource as error:
            form.add_error("source", str(error))
        except DomainError as error:
            form.add_error("latitude", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:organisation-details", site.organisation.public_id)
    status = 422 if form.is_bound else 200
    return render(request, "directory/site_edit.html", {"form": form, "site": site}, status=status)


@page(roles=STAFF, of="directory.Site", methods=("POST",))
def site_verify(request: HttpRequest, site: str) -> HttpResponse:
    """Somebody was there or asked: the site exists; or it is a claim again."""
    user = staff_or_404(request)
    found = _site_or_404(request, site)
    with outcome_told(request, _("Saved.")):
        sites.verify_site(found, is_verified=not found.is_verified, by=user, at=now())
    return redirect("directory:organisation-details", found.organisation.public_id)


@page(roles=EDITORS, of="directory.Site", methods=("POST",))
def site_remove(request: HttpRequest, site: str) -> HttpResponse:
    """Take a site away that was never there."""
    found = _site_or_404(request, site)
    with outcome_told(request, _("Saved.")):
        sites.remove_site(found, by=signed_in(request), at=now())
    return redirect("directory:organisation-details", found.organisation.public_id)


def _site_or_404(request: HttpRequest, public_id: str) -> Site:
    editable = Organisation.objects.editable_by(signed_in(request)).order_by()
    found = (
        Site.objects.select_related("organisation")
        .filter(public_id=public_id, organisation__in=editable.values("pk"))
        .first()
    )
    if found is None:
        raise Http404
    return found
