"""Addresses of the home pages."""

from django.urls import path

from kontor.portal import views, views_public, views_search

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("network/", views_public.network_show, name="network-show"),
    path("events/<slug:event>/about/", views_public.event_about, name="event-about"),
    path("search/", views_search.search_show, name="search-show"),
]
