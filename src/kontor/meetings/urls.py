"""Addresses of an event's overview, requests, the plan and everybody's day, under /events/."""

from django.urls import URLPattern, URLResolver, include, path

from kontor.meetings.views import (
    advice,
    day,
    incidents,
    meetings,
    overview,
    pairs,
    papers,
    plan,
    publication,
    requests,
)

app_name = "meetings"

# /events/<slug>/plan/<number>/…
run_urls = [
    path("progress/", plan.run_progress, name="run-progress"),
    path("stop/", plan.run_stop, name="run-stop"),
    path("unplaced/", plan.plan_unplaced, name="plan-unplaced"),
    path("curve/", advice.plan_curve, name="plan-curve"),
    path("compare/", publication.plan_compare, name="plan-compare"),
    path("publish/", publication.plan_publish, name="plan-publish"),
    path("meetings/<str:meeting>/", plan.plan_move, name="plan-move"),
]

# /events/<slug>/…
event_urls: list[URLPattern | URLResolver] = [
    path("day/", day.day_show, name="day-show"),
    path("day/print/", day.day_print, name="day-print"),
    path("day/calendar/", day.calendar_renew, name="calendar-renew"),
    path("requests/", requests.request_list, name="request-list"),
    path("requests/to/<str:participant>/", requests.request_new, name="request-new"),
    path("requests/<str:meeting_request>/answer/", requests.request_answer, name="request-answer"),
    path("requests/<str:meeting_request>/withdraw/", requests.request_withdraw, name="request-withdraw"),
    path("meetings/<str:meeting>/cancel/", meetings.meeting_cancel, name="meeting-cancel"),
    path("matches/take-over/", requests.match_takeover, name="match-takeover"),
    path("pairs/", pairs.pairs_new, name="pairs-new"),
    path("pairs/<str:list_import>/", pairs.pairs_show, name="pairs-show"),
    path("plan/", plan.plan_show, name="plan-show"),
    path("plan/incidents/", incidents.plan_incidents, name="plan-incidents"),
    path("plan/recovery/", incidents.plan_recovery, name="plan-recovery"),
    path("plan/repair/", incidents.plan_repair, name="plan-repair"),
    path("plan/check/", advice.plan_check, name="plan-check"),
    path("plan/start/", plan.plan_start, name="plan-start"),
    path("plan/mails/<int:number>/", publication.plan_mails, name="plan-mails"),
    path("plan/papers/schedules/", papers.papers_schedules, name="papers-schedules"),
    path("plan/papers/interpreters/", papers.papers_interpreters, name="papers-interpreters"),
    path("plan/papers/tents/", papers.papers_tents, name="papers-tents"),
    path("plan/papers/spreadsheet/", papers.papers_spreadsheet, name="papers-spreadsheet"),
    path("plan/<int:number>/", include(run_urls)),
    path("", overview.event_show, name="event-show"),
]

urlpatterns = [path("<slug:slug>/", include(event_urls))]
