"""Who may call a route: every view declares it, and one that does not is closed.

Views wear `@public`, `@signed_in` or `@needs(Action.X)`; `demand` runs before each request. A test
walks all routes and fails for one without a declaration.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from app.errors import CaseError, Forbidden
from app.organisation.actor import Actor
from app.organisation.permissions import Action, allows

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])
_MARK = "declared_access"


class SignedOut(CaseError):
    """Please sign in first. If you were signed in, your session has ended; your text is kept."""

    code = "signed_out"


@dataclass(frozen=True, slots=True)
class Access:
    """What a route demands: nobody's sign-in, anybody's, or one that may do `action`."""

    is_public: bool = False
    action: Action | None = None


def init(app: Flask) -> None:
    """Make `may(action)` known to templates."""
    app.jinja_env.globals["may"] = may


def public(view: View) -> View:
    """Open a view to everybody."""
    return _declared(view, Access(is_public=True))


def signed_in(view: View) -> View:
    """Open a view to everybody of the staff."""
    return _declared(view, Access())


def needs(action: Action) -> Callable[[View], View]:
    """Open a view to those one of whose positions carries `action`."""
    return lambda view: _declared(view, Access(action=action))


def declared_access(app: Flask, endpoint: str) -> Access | None:
    """Return what a route declares, None where it declares nothing."""
    found = getattr(app.view_functions.get(endpoint), _MARK, None)
    return found if isinstance(found, Access) else None


def demand() -> None:
    """Stop a request whose route does not admit it; runs before every view.

    Raises:
        SignedOut: the route is for the staff. Forbidden: not for this person, or for nobody.
    """
    if request.endpoint is None:
        return  # no such address: the router answers
    access = declared_access(current_app, request.endpoint)
    if access is None:
        log.error("the route %s declares no access and stays closed", request.endpoint)
        raise Forbidden(endpoint=request.endpoint)
    if access.is_public:
        return
    if g.actor is None:
        raise SignedOut
    if access.action is not None and not allows(g.actor, access.action):
        raise Forbidden(action=access.action.value, person_key=g.actor.person_key)


def actor() -> Actor:
    """Return who is signed in, for views that are not public.

    Raises:
        SignedOut: nobody is.
    """
    found = g.actor
    if not isinstance(found, Actor):
        raise SignedOut
    return found


def may(action: str) -> bool:
    """Tell a template whether the signed-in person may do `action` (its code)."""
    return g.actor is not None and allows(g.actor, Action(action))


def _declared(view: View, access: Access) -> View:
    setattr(view, _MARK, access)
    return view
