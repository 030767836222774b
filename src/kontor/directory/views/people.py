"""People who agreed to be found: the list, a page and a business card each, and the page where one agrees."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.directory.countries import country_name
from kontor.directory.documents import VCARD_TYPE
from kontor.directory.documents import person_card as write_card
from kontor.directory.forms_people import PersonForm
from kontor.directory.models import Affiliation, Person, has_visible_organisation
from kontor.directory.services.people import save_person, set_findable, set_languages
from kontor.jobs.clock import now
from kontor.routes import ROLES, SIGNED_IN, page
from kontor.ui.components import Column, Table
from kontor.ui.downloads import download_response
from kontor.ui.formatting import language_name, list_of
from kontor.ui.paging import cursor_page
from kontor.ui.rows import in_one_line, link, sample_mark
from kontor.ui.templatetags.kontor import native_language, person_name, words_beside

ORDER = ("sort_key", "id")
MOST_NAMESAKES = 20


@page(roles=ROLES)
def person_list(request: HttpRequest) -> HttpResponse:
    """Everybody this reader may find, by family name; Chinese ones stand where their pinyin stands."""
    listed = cursor_page(request, Person.objects.found_by(request.user), ORDER)
    work = _present_work(request, listed.rows)
    context = {
        "page": listed,
        "table": Table(
            columns=[
                Column(heading=_("Name"), is_title=True),
                Column(heading=pgettext("column", "Organisation")),
                Column(heading=_("Country")),
            ],
            rows=[_row(one, work[one.pk]) for one in listed.rows],
        )
        if listed.rows
        else None,
        "has_own": request.user.is_authenticated and Person.objects.filter(user=request.user).exists(),
    }
    return render(request, "directory/person_list.html", context)


def _row(person: Person, work: Sequence[Affiliation]) -> tuple[str, str, str]:
    language = get_language() or "en"
    address = reverse("directory:person-show", args=[person.public_id])
    sample = sample_mark(_("sample data")) if person.is_sample else ""
    employers = [
        link(
            reverse("directory:organisation-show", args=[one.organisation.public_id]),
            words_beside(one.organisation.name.for_reader(language), one.organisation.name.beside(language)),
        )
        for one in work
    ]
    return (
        in_one_line(link(address, person_name(person.name)), sample),
        in_one_line(*employers),
        country_name(person.country, language) if person.country else "",
    )


def _present_work(request: HttpRequest, people: Sequence[Person]) -> dict[int, list[Affiliation]]:
    """For whom these people work, as far as the reader may know those organisations; one statement."""
    found: defaultdict[int, list[Affiliation]] = defaultdict(list)
    rows = Affiliation.objects.filter(
        has_visible_organisation(request.user), person__in=[one.pk for one in people], until=None
    ).select_related("organisation")
    for one in rows.order_by("rank", "id"):
        found[one.person_id].append(one)
    return found


def _found(request: HttpRequest, public_id: str) -> Person:
    person = Person.objects.found_by(request.user).filter(public_id=public_id).first()
    if person is None:
        raise Http404
    return person


@page(roles=ROLES, of="directory.Person")
def person_show(request: HttpRequest, person: str) -> HttpResponse:
    """One person: the name and how to say it, languages, for whom they work; and who else has a like name."""
    found = _found(request, person)
    namesakes = list(
        Person.objects.found_by(request.user)
        .filter(candidate_key=found.candidate_key)
        .exclude(pk=found.pk)[:MOST_NAMESAKES]
    )
    work = _present_work(request, [found, *namesakes])
    language = get_language() or "en"
    context = {
        "person": found,
        "country": country_name(found.country, language) if found.country else "",
        "aliases": list_of(alias.text for alias in found.aliases.all()),
        "languages": [(language_name(one.code), one) for one in found.languages.order_by("-level", "code")],
        "native_language": native_language(found.name.native),
        "writes": language_name(found.language),
        "work": work[found.pk],
        "namesakes": [(one, work[one.pk]) for one in namesakes],
        "is_own": found.user_id is not None and found.user_id == request.user.pk,
    }
    return render(request, "directory/person_show.html", context)


@page(roles=ROLES, of="directory.Person")
def person_card(request: HttpRequest, person: str) -> HttpResponse:
    """The business card of a person (vCard 4.0), with the name in both scripts."""
    found = _found(request, person)
    work = _present_work(request, [found])[found.pk]
    card = write_card(
        found,
        languages=found.languages.all(),
        work=work[0] if work else None,
        url=settings.ORIGIN + reverse("directory:person-show", args=[found.public_id]),
        with_addresses=found.user_id is not None and found.user_id == request.user.pk,
    )
    return download_response(card, f"{found.name.latin or found.name.native}.vcf", VCARD_TYPE)


@page(roles=SIGNED_IN, methods=("GET", "POST"))
def person_edit(request: HttpRequest) -> HttpResponse:
    """Write one's own name and languages, and agree to be found, or no longer; some accounts are nobody's in the list."""
    user = signed_in(request)
    found = Person.objects.filter(user=user).first()
    if found is None:
        return render(request, "directory/person_missing.html")
    spoken = found.languages.all()
    form = PersonForm(request.POST or None, instance=found, spoken=spoken)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        at = now()
        save_person(form.person(), aliases=data["spellings"], by=user, at=at)
        set_languages(found, form.levels(), by=user, at=at)
        set_findable(found, findable_by=data["findable_by"], by=user, at=at)
        messages.success(request, _("Saved."))
        return redirect("directory:person-show", found.public_id)
    context = {"form": form, "person": found}
    return render(request, "directory/person_edit.html", context, status=422 if form.errors else 200)
