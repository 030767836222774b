"""The register of routes: each view declares who may open it and what kind of object it shows, or the site does not start."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.core.checks import CheckMessage, Error, register
from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.decorators.http import require_http_methods

Role = Literal["visitor", "participant", "interpreter", "organiser", "editor", "staff", "operator"]
ROLES: tuple[Role, ...] = (
    "visitor",
    "participant",
    "interpreter",
    "organiser",
    "editor",
    "staff",
    "operator",
)
SIGNED_IN: tuple[Role, ...] = ROLES[1:]
ORGANISERS: tuple[Role, ...] = ("organiser", "operator")
STAFF: tuple[Role, ...] = ("staff", "operator")
"""people who work for a cluster, and operators"""
EDITORS: tuple[Role, ...] = ("editor", *STAFF)
"""people who write the profile of an organisation: its own, and the staff of its clusters"""
TAKING_PART: tuple[Role, ...] = ("participant", *ORGANISERS)

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What a view says about itself."""

    roles: tuple[Role, ...]
    """who may get an answer other than the sign-in page or 404; "visitor" means anybody"""
    of: str | None
    """the model whose object the address names, as app_label.Model"""
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address of the site."""

    name: str
    path: str
    declaration: Declaration


def page(
    *, roles: Iterable[Role], of: str | None = None, methods: Iterable[str] = ("GET",)
) -> Callable[[View], View]:
    """Declare a view; other methods get 405, and a view for visitors is open without signing in."""
    declaration = Declaration(roles=tuple(roles), of=of, methods=tuple(methods))
    if unknown := set(declaration.roles) - set(ROLES):
        raise ValueError(f"roles must be among {ROLES}, got {sorted(unknown)}")

    def declare(view: View) -> View:
        allowed = [*declaration.methods, "HEAD"] if "GET" in declaration.methods else [*declaration.methods]
        guarded: Any = require_http_methods(allowed)(view)
        guarded.declaration = declaration
        if "visitor" in declaration.roles:
            guarded.login_required = False
        return guarded  # type: ignore[no-any-return]

    return declare


# Views of other packages that stand under our addresses, by the beginning of their names.
FOREIGN: dict[str, Declaration] = {
    "account_login": Declaration(roles=ROLES, of=None, methods=("GET", "POST")),
    "account_logout": Declaration(roles=ROLES, of=None, methods=("GET", "POST")),
    "account_reset_password": Declaration(roles=ROLES, of=None, methods=("GET", "POST")),
    "account_signup": Declaration(roles=ROLES, of=None, methods=("GET", "POST")),
    "account_inactive": Declaration(roles=ROLES, of=None, methods=("GET",)),
    "account_": Declaration(roles=SIGNED_IN, of=None, methods=("GET", "POST")),
    "mfa_login_webauthn": Declaration(roles=ROLES, of=None, methods=("GET", "POST")),
    "mfa_authenticate": Declaration(roles=ROLES, of=None, methods=("GET", "POST")),
    "mfa_": Declaration(roles=SIGNED_IN, of=None, methods=("GET", "POST")),
    "admin:": Declaration(roles=("operator",), of=None, methods=("GET", "POST")),
}


def routes() -> Iterator[Route]:
    """All addresses, in the order in which they are tried; a view without declaration has `roles` empty."""
    yield from _walk(get_resolver().url_patterns, prefix="/", namespace="")


def _walk(patterns: Iterable[URLPattern | URLResolver], *, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, prefix=path, namespace=inner)
            continue
        name = namespace + (entry.name or "")
        declaration = getattr(entry.callback, "declaration", None) or _foreign(name)
        yield Route(
            name=name,
            path=path,
            declaration=declaration or Declaration(roles=(), of=None, methods=()),
        )


def _foreign(name: str) -> Declaration | None:
    found = [start for start in FOREIGN if name.startswith(start)]
    return FOREIGN[max(found, key=len)] if found else None


@register()
def every_view_is_declared(**_: object) -> list[CheckMessage]:
    """System check: refuse to start with a view that does not say who may open it."""
    return [
        Error(
            f"The view {route.name or route.path} declares no roles.",
            hint="Decorate it with kontor.routes.page.",
            id="kontor.E001",
        )
        for route in routes()
        if not route.declaration.roles
    ]
