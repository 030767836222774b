"""Addresses of calendar feeds: without a language, since calendars ask without one."""

from django.urls import path

from kontor.meetings.views import day

app_name = "calendars"
urlpatterns = [path("calendar/<str:token>.ics", day.calendar_feed, name="calendar-feed")]
