"""The decorator that checks the token and the permission before a view runs."""

import functools
import re
from collections.abc import Callable, Mapping
from typing import Literal, ParamSpec, TypeVar

from flask import current_app, g, request

from orders_api.possession import Possession, Scheme
from orders_api.problems import Problem
from orders_api.signing_keys import PAUSE, KeysUnavailable
from orders_api.tokens import ALGORITHMS, AccessTokens, Caller, InvalidToken

P = ParamSpec("P")
R = TypeVar("R")

permissions: set[str] = set()
"""The permissions that views require."""


def require(permission: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Runs a view only for a valid access token that grants the permission.

    A customer needs it in the token's `scope`. A user needs it in `scope` and from a role.
    """
    permissions.add(permission)

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            g.permission = permission
            g.caller = _authenticate()
            current_app.extensions["count_call"]()
            missing = g.caller.missing(permission)
            if missing:
                raise _forbidden(permission, missing)
            return view(*args, **kwargs)

        return guarded

    return decorate


def _authenticate() -> Caller:
    tokens: AccessTokens = current_app.extensions["access_tokens"]
    possession: Possession = current_app.extensions["possession"]
    token = _token()
    try:
        content = tokens.verify(token)
        possession.check(_scheme(), token, content)
        return content.caller
    except InvalidToken as error:
        raise _refusal(401, error.error, str(error)) from None
    except KeysUnavailable:
        # not 401, which would make an app discard a token that may be good
        raise Problem(
            503,
            "The token's key cannot be looked up at the moment.",
            headers={"Retry-After": str(int(PAUSE) + 1)},
        ) from None


def _token() -> str:
    """The token in the Authorization header, and nowhere else (RFC 6750, section 2.1)."""
    if "access_token" in request.args:
        raise _refusal(400, "invalid_request", "a token in the query is not accepted")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() not in ("bearer", "dpop"):
        raise _refusal(401, None, "an access token is required")
    token = token.strip(" ")
    if not re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", token):
        raise _refusal(400, "invalid_request", "the Authorization header is not one access token")
    return token


def _scheme() -> Scheme:
    scheme = request.headers.get("Authorization", "").partition(" ")[0]
    return "DPoP" if scheme.lower() == "dpop" else "Bearer"


def _forbidden(permission: str, missing: Literal["scope", "role"]) -> Problem:
    """A refusal that names what is missing.

    `insufficient_scope` is the error for any lack of privileges (RFC 6750, section 3.1). Only a
    missing scope is named in the challenge: asking for it does not help a user without the role.
    """
    if missing == "scope":
        detail, attributes = f"the token's scope lacks {permission}", {"scope": permission}
    else:
        detail, attributes = f"no role of the user grants {permission}", {}
    return _refusal(403, "insufficient_scope", detail, attributes, missing)


def _refusal(
    status: int,
    error: str | None,
    detail: str,
    attributes: Mapping[str, str] | None = None,
    missing: Literal["scope", "role"] | None = None,
) -> Problem:
    """A problem with a challenge (RFC 6750, section 3). `error` is None if no token was sent.

    A caller without a valid token also learns of the other scheme (RFC 9449, section 7.2).
    """
    tokens: AccessTokens = current_app.extensions["access_tokens"]
    parameters = {"realm": tokens.audience}
    if error:
        parameters |= {"error": error, "error_description": detail}
    parameters |= attributes or {}
    if "metadata_url" in current_app.extensions:  # RFC 9728, section 5.1
        parameters["resource_metadata"] = current_app.extensions["metadata_url"]
    scheme = _scheme()
    other: Scheme = "Bearer" if scheme == "DPoP" else "DPoP"
    challenges = [_challenge(scheme, parameters)]
    if status == 401 and "metadata_url" in current_app.extensions:
        challenges.append(_challenge(other, {"realm": tokens.audience}))
    return Problem(
        status,
        f"{detail[0].upper()}{detail[1:]}.",
        headers={"WWW-Authenticate": ", ".join(challenges)},
        missing=missing,
    )


def _challenge(scheme: Scheme, parameters: Mapping[str, str]) -> str:
    if scheme == "DPoP":
        parameters = {**parameters, "algs": " ".join(ALGORITHMS)}
    return f"{scheme} " + ", ".join(f'{name}="{value}"' for name, value in parameters.items())
