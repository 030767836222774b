"""The site's map: pages under a language prefix, health and calendar feeds without one; what is opened most comes first."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from kontor import routes  # noqa: F401 -- registers the check that every view is declared

urlpatterns = [
    *i18n_patterns(
        path("events/", include("kontor.events.urls")),  # before meetings, where "new" would be an event
        path("events/", include("kontor.meetings.urls")),
        path("events/", include("kontor.matching.urls")),
        path("accounts/", include("kontor.accounts.urls")),
        path("accounts/", include("kontor.accounts.urls_allauth")),
        path("accounts/2fa/", include("allauth.mfa.urls")),
        path("", include("kontor.agreements.urls")),
        path("", include("kontor.directory.urls")),
        path("figures/", include("kontor.figures.urls")),
        path("news/", include("kontor.news.urls")),
        path("operate/", include("kontor.jobs.urls_operate")),
        path("demo/", include("kontor.demo.urls")),
        path("", include("kontor.topics.urls")),
        path("", include("kontor.portal.urls")),
    ),
    path("", include("kontor.jobs.urls")),
    path("", include("kontor.meetings.urls_root")),
    path("", include("kontor.topics.urls_root")),
    path("", include("kontor.portal.urls_root")),
]
handler400 = "kontor.portal.views.bad_request"
handler403 = "kontor.portal.views.forbidden"
handler404 = "kontor.portal.views.not_found"
handler500 = "kontor.portal.views.broken"
