"""The door of a demonstration: how far the sample event is, then one button per role."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kontor.demo.queries import demo_sign_ins, demo_steps, read_demo_state
from kontor.demo.services import sample_sign_ins
from kontor.routes import ROLES, page


@page(roles=ROLES)
def demo_show(request: HttpRequest) -> HttpResponse:
    """Progress while the event is built, then the people one can look around as; 404 on a site for real people."""
    if not settings.DEMO:
        raise Http404
    state = read_demo_state()
    if not state.is_complete:
        return render(request, "demo/demo_progress.html", {"demo": state, "steps": demo_steps(state)})
    return render(request, "demo/demo_show.html", {"sign_ins": demo_sign_ins(sample_sign_ins().keys())})


@page(roles=ROLES, methods=("POST",))
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the sample people; only where the site is a demonstration."""
    user = sample_sign_ins().get(request.POST.get("role", "")) if settings.DEMO else None
    if user is None:
        raise Http404
    login(request, user)
    return redirect("portal:home")
