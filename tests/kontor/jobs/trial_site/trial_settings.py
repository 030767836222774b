"""The smallest site in which jobs run, with tasks made for trying out."""

from kontor.settings import *  # noqa: F403 -- the real settings, but for the apps

INSTALLED_APPS = [
    "trial",
    "kontor.i18n",
    "kontor.audit",
    "kontor.jobs",
    "kontor.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "allauth",
    "allauth.account",
]
