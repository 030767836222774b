"""Addresses of the home pages."""

from django.urls import path

from kontor.portal import views, views_search

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views_search.search_show, name="search-show"),
]
