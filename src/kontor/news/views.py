"""Pages of news: what everybody reads, and the desk where articles are written, reviewed and corrected."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kontor.directory import links
from kontor.directory.models import Organisation
from kontor.directory.permissions import staff_or_404, works_for_a_cluster
from kontor.errors import outcome_told
from kontor.jobs.clock import now
from kontor.news import services
from kontor.news.forms import ArticleForm, PhotoForm
from kontor.news.models import Article, Photo
from kontor.news.queries import address_of, figures_to_quote, mentions_of
from kontor.news.structured import article_data
from kontor.routes import ROLES, STAFF, page
from kontor.ui.downloads import picture_response
from kontor.ui.markdown import render_markdown
from kontor.ui.paging import cursor_page

SIZE = 20


@page(roles=ROLES)
def article_list(request: HttpRequest) -> HttpResponse:
    """What is published, newest first; `?organisation=` keeps to what mentions one."""
    rows = Article.objects.public(now())
    organisation = None
    if key := request.GET.get("organisation", ""):
        organisation = Organisation.objects.listed().filter(public_id=key).first()
        if organisation is None:
            raise Http404
        rows = rows.filter(organisations=organisation)
    context = {
        "organisation": organisation,
        "page": cursor_page(request, rows, ("-published_at", "-id"), size=SIZE),
        "is_keeper": works_for_a_cluster(request.user),
    }
    return render(request, "news/article_list.html", context)


links.register(
    links.More(
        name="news",
        exists=lambda: Exists(Article.objects.public(now()).filter(organisations=OuterRef("pk")).order_by()),
        text=gettext_lazy("In the news"),
        address=lambda one: f"{reverse('news:article-list')}?organisation={one.public_id}",
    )
)


@page(roles=ROLES, of="news.Article")
def article_show(request: HttpRequest, article: str) -> HttpResponse:
    """One article; people of the desk also see it before its hour, and what waits to be done about it."""
    at = now()
    found = Article.objects.with_rights_of(request.user).filter(slug=article).first()
    is_keeper = found is not None and vars(found)["is_kept"]
    if found is None or not (is_keeper or found.is_public(at)):
        raise Http404
    photos = list(found.photos.all())
    mentions = mentions_of(found, get_language() or "en")
    body = found.body.for_reader(get_language() or "en")
    context: dict[str, Any] = {
        "article": found,
        "body_language": body.markup_language,
        "html": render_markdown(body.text, resolve=address_of),
        "photos": photos,
        "outdated": services.outdated_quotes(found) if is_keeper else (),
        "mentions": mentions,
        "is_held": found.is_held(at),
        "is_public": found.is_public(at),
        "is_ahead": settings.DEMO and found.published_at is not None and found.published_at > at,
        "today": at,
        "is_keeper": is_keeper,
        "data": article_data(found, photos, mentions),
        "revisions": found.revisions.all() if found.corrected_at else (),
    }
    if is_keeper:
        context["next_states"] = [(one, services.State(one).label) for one in services.NEXT[found.state]]
        context["photo_form"] = PhotoForm(prefix="photo")
    return render(request, "news/article_show.html", context)


@page(roles=STAFF)
def desk(request: HttpRequest) -> HttpResponse:
    """What is being written, what waits for its hour, and what quotes a figure that no longer stands."""
    staff_or_404(request)
    at = now()
    outdated = Q(quotes__claim__withdrawn_at__isnull=False) | Q(quotes__claim__superseded_by__isnull=False)
    context = {
        "drafts": Article.objects.filter(state__in=("draft", "review")).order_by("-changed_at")[:100],
        "held": Article.objects.filter(state="published", embargo_until__gt=at)[:100],
        "outdated": Article.objects.filter(outdated, state="published").distinct()[:100],
    }
    return render(request, "news/desk.html", context)


@page(roles=STAFF, methods=("GET", "POST"))
def article_new(request: HttpRequest) -> HttpResponse:
    """Write an article."""
    return _edit(request, Article())


@page(roles=STAFF, of="news.Article", methods=("GET", "POST"))
def article_edit(request: HttpRequest, article: str) -> HttpResponse:
    """Change an article; a published one is corrected in the open."""
    staff_or_404(request)
    return _edit(request, _article_or_404(article))


def _edit(request: HttpRequest, article: Article) -> HttpResponse:
    user = staff_or_404(request)
    slug = article.slug
    form = ArticleForm(request.POST or None, instance=article, zone=user.time_zone)
    preview = ""
    if request.method == "POST" and form.is_valid():
        changed = form.save(commit=False)
        if "preview" in request.POST:
            body = form.cleaned_data["body"].for_reader(get_language() or "en")
            preview = render_markdown(body.text, resolve=address_of)
        else:
            try:
                if form.is_correction:
                    note = form.cleaned_data["correction_note"]
                    services.correct_article(changed, note=note, by=user, at=now())
                else:
                    services.save_article(changed, by=user, at=now())
            except services.UnknownReference as error:
                form.add_error("body", str(error))
            else:
                messages.success(request, _("Saved."))
                return redirect("news:article-show", changed.slug)
    context = {
        "form": form,
        "article": article,
        "slug": slug,
        "preview": preview,
        "references": figures_to_quote(get_language() or "en"),
    }
    return render(request, "news/article_edit.html", context)


@page(roles=STAFF, of="news.Article", methods=("POST",))
def article_move(request: HttpRequest, article: str) -> HttpResponse:
    """Bring an article into its next state."""
    user = staff_or_404(request)
    found = _article_or_404(article)
    to = request.POST.get("to", "")
    if to not in services.State.values:
        raise Http404
    with outcome_told(request, _("Saved.")):
        services.move_article(found, to=to, by=user, at=now())
    return redirect("news:article-show", article)


@page(roles=STAFF, of="news.Article", methods=("POST",))
def photo_add(request: HttpRequest, article: str) -> HttpResponse:
    """Add a photograph whose rights are known."""
    user = staff_or_404(request)
    found = _article_or_404(article)
    form = PhotoForm(request.POST, request.FILES, prefix="photo", instance=Photo(article=found))
    if not form.is_valid():
        context = {"form": form, "article": found}
        return render(request, "news/photo_add.html", context, status=422)
    upload = form.cleaned_data["file"]
    content = upload.read(services.LARGEST_FILE + 1)
    with outcome_told(request, _("The photograph is there.")):
        services.add_photo(form.save(commit=False), name=upload.name, content=content, by=user, at=now())
    return redirect("news:article-show", article)


@page(roles=ROLES, of="news.Photo")
def photo_show(request: HttpRequest, photo: str) -> HttpResponse:
    """A photograph of an article that its reader may see."""
    rows = Article.objects.visible_to(request.user, at=now()).order_by()
    found = Photo.objects.filter(public_id=photo, article__in=rows.values("pk")).first()
    if found is None:
        raise Http404
    return picture_response(services.read_photo(found))


def _article_or_404(slug: str) -> Article:
    found = Article.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
