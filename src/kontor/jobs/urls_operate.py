"""The operator's pages about jobs and mails."""

from django.urls import path

from kontor.jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.list_jobs, name="job-list"),
    path("jobs/<slug:public_id>/", views.show_job, name="job-show"),
    path("jobs/<slug:public_id>/retry", views.retry_job, name="job-retry"),
    path("jobs/<slug:public_id>/cancel", views.cancel_job, name="job-cancel"),
    path("mails/", views.list_mails, name="mail-list"),
    path("mails/decide", views.decide_group, name="mail-decide"),
    path("mails/<slug:public_id>/", views.show_mail, name="mail-show"),
    path("mails/<slug:public_id>/release", views.release_mail, name="mail-release"),
    path("mails/<slug:public_id>/discard", views.discard_mail, name="mail-discard"),
]
