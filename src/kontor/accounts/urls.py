"""Addresses of signing in and of one's own settings, under /accounts/."""

from django.urls import path

from kontor.accounts import views

app_name = "accounts"
urlpatterns = [
    path("link/", views.link_ask, name="link-ask"),
    path("link/sent/", views.link_sent, name="link-sent"),
    path("link/<str:token>/", views.link_open, name="link-open"),
    path("code/", views.code_enter, name="code-enter"),
    path("code/<slug:code>/", views.code_enter, name="code-open"),
    path("settings/", views.settings_edit, name="settings-edit"),
]
