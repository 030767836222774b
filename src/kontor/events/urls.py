"""Addresses of events."""

app_name = "events"
urlpatterns: list[object] = []
