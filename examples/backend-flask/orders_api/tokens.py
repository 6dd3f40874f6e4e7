"""Who calls, and what they may do: from a verified access token, and from nothing else."""

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
"""Signatures with a private key alone: with `none` or HS256 anyone could make a token."""

LEEWAY = 10.0
"""Seconds that two machines' clocks may differ."""


class InvalidToken(Exception):
    """Why a token is refused, in words that may be told."""


@dataclass(frozen=True)
class Caller:
    """A customer by its client id, or a user by `sub`: `customer:acme`, `user:6f1c…`."""

    kind: Literal["customer", "user"]
    id: str
    permissions: frozenset[str]

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class AccessTokens:
    """Verifies access tokens that one issuer made for one audience."""

    def __init__(self, issuer: str, audience: str) -> None:
        self._issuer = issuer
        self.audience = audience
        self._keys = SigningKeys(issuer)

    def verify(self, token: str) -> Caller:
        """Checks as RFC 9068, section 4, and RFC 8725 say.

        Raises InvalidToken, or KeysUnavailable where nobody can tell.
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
            raise InvalidToken("the token is of another issuer") from None
        except jwt.InvalidAudienceError:
            raise InvalidToken("the token is not for this API") from None
        except jwt.PyJWTError:
            raise InvalidToken("the token is not valid") from None
        _check_kind(header, claims)
        return _caller(claims)


def _check_kind(header: dict[str, Any], claims: dict[str, Any]) -> None:
    """An access token, not an ID or refresh token, and one that its bearer may use.

    Keycloak says so in the claim `typ`, others in the header's (RFC 9068, section 2.1). A token
    with `cnf` is bound to a key (RFC 7800): nobody proves here to have it.
    """
    marked = str(header.get("typ", "")).lower() in ("at+jwt", "application/at+jwt")
    if claims.get("typ", "Bearer" if marked else None) != "Bearer":
        raise InvalidToken("the token is not an access token")
    if "cnf" in claims:
        raise InvalidToken("the token is bound to a key")


def _caller(claims: dict[str, Any]) -> Caller:
    """Tells customers from users, by two claims that Keycloak alone writes.

    `client_id` is there for a service account (client scope `service_account`) and names the
    client that the token was given to, as `azp` does. `sid` is there for a user: the session that
    signing in began. A token with both or neither is refused, as nobody can tell whose it is.
    """
    client_id, session = claims.get("client_id"), claims.get("sid")
    scope = claims.get("scope", "")
    permissions = frozenset(scope.split(" ")) if isinstance(scope, str) else frozenset()
    if client_id and not session and client_id == claims.get("azp"):
        return Caller("customer", str(client_id), permissions)
    if session and not client_id:
        return Caller("user", claims["sub"], permissions)
    raise InvalidToken("the token does not say whether a customer or a user calls")
