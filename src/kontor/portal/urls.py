"""Addresses of the home pages."""

from django.urls import path

from kontor.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
]
