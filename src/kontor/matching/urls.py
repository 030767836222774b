"""Addresses of matches, under /events/."""

from django.urls import path

from kontor.matching import views

app_name = "matching"
urlpatterns = [
    path("<slug:slug>/matches/", views.match_list, name="match-list"),
    path("<slug:slug>/matches/refresh/", views.match_refresh, name="match-refresh"),
    path("<slug:slug>/matches/<str:partner>/verdict/", views.match_verdict, name="match-verdict"),
]
