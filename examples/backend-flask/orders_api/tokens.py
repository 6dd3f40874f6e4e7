"""Verifies access tokens, and reads the caller and what it may do from them."""

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

    def verify(self, token: str) -> Caller:
        """Returns the caller of a valid token, following RFC 9068, section 4, and RFC 8725.

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
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
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
        _check_kind(header, claims)
        return _caller(claims, self._permissions_claim)


def _check_kind(header: dict[str, Any], claims: dict[str, Any]) -> None:
    """Refuses ID tokens, refresh tokens, and tokens that are bound to a key.

    Keycloak writes the kind into the claim `typ`, other issuers into the header `typ` (RFC 9068,
    section 2.1). This API cannot check the proof that a token with `cnf` requires (RFC 7800).
    """
    marked = str(header.get("typ", "")).lower() in ("at+jwt", "application/at+jwt")
    if claims.get("typ", "Bearer" if marked else None) != "Bearer":
        raise InvalidToken("the token is not an access token")
    if "cnf" in claims:
        raise InvalidToken("the token is bound to a key")


def _caller(claims: dict[str, Any], permissions_claim: str) -> Caller:
    """Distinguishes customers from users by two claims that only Keycloak writes.

    A customer's token has `client_id` (from the client scope `service_account`), equal to `azp`. A
    user's token has `sid`, the session at Keycloak. A token with both or neither is refused,
    because its caller is ambiguous. Roles are for people, so a customer's token can have none.
    """
    client_id, session = claims.get("client_id"), claims.get("sid")
    value = claims.get("scope")
    scope = frozenset(value.split(" ")) if isinstance(value, str) else frozenset()
    if client_id and not session and client_id == claims.get("azp"):
        return Caller("customer", str(client_id), scope, None)
    if session and not client_id:
        granted = _strings(claims.get(permissions_claim)) if permissions_claim else None
        return Caller("user", claims["sub"], scope, granted)
    raise InvalidToken("the token does not identify a customer or a user")


def _strings(value: object) -> frozenset[str]:
    """The strings of a list. Empty for any other value: a malformed claim grants nothing."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return frozenset(value)
    return frozenset()
