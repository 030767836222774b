"""Every answer has its policy."""

from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from kontor.ui.middleware import ContentPolicy


def test_every_answer_carries_the_policy_of_the_settings() -> None:
    policy = ContentPolicy(lambda _: HttpResponse())
    request = RequestFactory().get("/en/")
    for _ in range(2):
        sent = policy(request).headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'"} <= set(sent)
        assert len(sent) == len(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
