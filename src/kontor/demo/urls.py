"""Addresses of a demonstration."""

from django.urls import path

from kontor.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.demo_show, name="demo-show"),
    path("sign-in/", views.demo_sign_in, name="demo-sign-in"),
]
