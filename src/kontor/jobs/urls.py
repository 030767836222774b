"""Health pages, without a language prefix."""

from django.urls import path

from kontor.jobs import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
