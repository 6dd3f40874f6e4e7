"""Verifies access tokens, and reads the caller and what it may do from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import jwt

from orders_api.signing_keys import SigningKeys

ALGORITHMS = [
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
    "EdDSA",
]
"""Only asymmetric algorithms: with `none` or HS256, anyone could forge a token."""

LEEWAY = 10.0
"""Seconds by which two machines' clocks may differ."""


class InvalidToken(Exception):
    """A refused token. The message is safe to send to the caller."""

    error = "invalid_token"
    """The error's code in the challenge."""


@dataclass(frozen=True)
class Caller:
    """A customer with its client id, or a user with its `sub`: `customer:acme`, `user:6f1c…`."""

    kind: Literal["customer", "user"]
    id: str
    scope: frozenset[str]
    """Permissions of the app that sent the token."""
    granted_by_roles: frozenset[str] | None
    """Permissions of the person. None if only the scope decides, as for every customer."""

    def missing(self, permission: str) -> Literal["scope", "role"] | None:
        """What the caller lacks for a permission. None if it has the permission.

        An app cannot give a person more than their roles do, nor a person an app more than its
        scope.
        """
        if permission not in self.scope:
            return "scope"
        if self.granted_by_roles is not None and permission not in self.granted_by_roles:
            return "role"
        return None

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class AccessToken:
    """What a valid token says."""

    caller: Caller
    confirmation: Mapping[str, str]
    """Thumbprints of what the caller has to prove that it holds (RFC 7800). Often none."""


class AccessTokens:
    """Verifies access tokens from one issuer for one audience.

    `permissions_claim` is the claim with the permissions that a user's roles grant. If it is empty,
    the API has no roles.
    """

    def __init__(self, issuer: str, audience: str, permissions_claim: str) -> None:
        self._issuer = issuer
        self.audience = audience
        self._permissions_claim = permissions_claim
        self._keys = SigningKeys(issuer)

    def verify(self, token: str) -> AccessToken:
        """Returns the content of a valid token, following RFC 9068, section 4, and RFC 8725.

        Raises InvalidToken, or KeysUnavailable if the signature cannot be checked.
        """
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise InvalidToken("the token's algorithm is not allowed")
            key = self._keys.get(header.get("kid", ""))
            if key is None:
                raise InvalidToken("the token's key is unknown")
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                issuer=self._issuer,
                audience=self.audience,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub", "azp"]},
            )
        except jwt.ExpiredSignatureError:
            raise InvalidToken("the token has expired") from None
        except jwt.ImmatureSignatureError:
            raise InvalidToken("the token is not valid yet") from None
        except jwt.InvalidIssuerError:
            raise InvalidToken("the token is from another issuer") from None
        except jwt.InvalidAudienceError:
            raise InvalidToken("the token is not for this API") from None
        except jwt.PyJWTError:
            raise InvalidToken("the token is not valid") from None
        confirmation = _confirmation(claims)
        _check_kind(claims, "DPoP" if "jkt" in confirmation else "Bearer")
        return AccessToken(_caller(claims, self._permissions_claim), confirmation)


def _confirmation(claims: dict[str, Any]) -> Mapping[str, str]:
    """The bindings of a token. A binding that cannot be read must not become a token without.

    Keycloak names the kind of `jkt` in a member of its own, which binds nothing.
    """
    if "cnf" not in claims:
        return {}
    match claims["cnf"]:
        case {"jkt": str(thumbprint), "kc-jkt-type": "DPoP", **others} if not others:
            return {"jkt": thumbprint}
        case {**members} if members and all(isinstance(each, str) for each in members.values()):
            return {str(name): str(value) for name, value in members.items()}
    raise InvalidToken("the token is bound in a way that this API cannot check")


def _check_kind(claims: dict[str, Any], kind: str) -> None:
    """Accepts only access tokens that a caller may use by itself, and that Keycloak has issued.

    Keycloak writes the kind of a token into the claim `typ`, so this refuses ID tokens and refresh
    tokens. It refuses access tokens of other issuers too, because `_caller` would misread them.
    """
    if "act" in claims:  # the caller acts for somebody else (RFC 8693, section 4.1)
        raise InvalidToken("the token is delegated")
    if claims.get("typ") != kind:
        raise InvalidToken("the token is not one of Keycloak's access tokens")


def _caller(claims: dict[str, Any], permissions_claim: str) -> Caller:
    """Distinguishes customers from users by two claims that Keycloak writes.

    A customer's token has `client_id` (from the client scope `service_account`), equal to `azp`. A
    user's token has `sid`, the session at Keycloak. A token with both or neither is refused,
    because its caller is ambiguous. With other issuers, users' tokens have `client_id` too (RFC
    9068, section 2.2): all users of an app would become one customer. Roles are for people, so a
    customer's token can have none.
    """
    for name in ("sub", "azp", "client_id", "sid"):
        if name in claims and not _is_identifier(claims[name]):
            raise InvalidToken("the token does not identify a customer or a user")
    value = claims.get("scope")
    scope = frozenset(value.split(" ")) if isinstance(value, str) else frozenset()
    match claims:
        case {"client_id": client_id, "azp": azp} if "sid" not in claims and client_id == azp:
            return Caller("customer", client_id, scope, None)
        case {"sid": _, "sub": sub} if "client_id" not in claims:
            granted = _strings(claims.get(permissions_claim)) if permissions_claim else None
            return Caller("user", sub, scope, granted)
    raise InvalidToken("the token does not identify a customer or a user")


def _is_identifier(value: object) -> bool:
    """Whether the value can be an owner in the database and a caller in the log."""
    return isinstance(value, str) and value != "" and value.isprintable()


def _strings(value: object) -> frozenset[str]:
    """The strings of a list. Empty for any other value: a malformed claim grants nothing."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return frozenset(value)
    return frozenset()
