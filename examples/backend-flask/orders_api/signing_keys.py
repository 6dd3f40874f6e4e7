"""A cache of the issuer's public keys (RFC 7517). Callers cannot force a fetch."""

import asyncio
import json
import logging
import threading
import time
from typing import Any

import httpx2
from jwt import PyJWK, PyJWTError

from orders_api.settings import is_secure

log = logging.getLogger(__name__)

LIFETIME = 300.0
"""Seconds after which a call causes a fetch. Until then, a withdrawn key stays valid."""

MAX_AGE = 86_400.0
"""Seconds until cached keys end if the issuer stays away: a withdrawn key must not live on."""

PAUSE = 5.0
"""Seconds between two attempts to fetch, whether the first one succeeded or not."""

TIMEOUT = 3.0
"""Seconds for one attempt, with both requests, and for callers that wait for it."""

MAX_BYTES = 1_000_000
"""The size of an answer that is read."""


class KeysUnavailable(Exception):
    """It is not known at the moment whether the issuer has a key."""


class SigningKeys:
    """The keys that one process has cached.

    An unknown key id triggers a fetch, so a new key works without a restart. Between two attempts
    there is a pause, so invented key ids cannot flood the issuer. Nobody with a cached key waits.
    """

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._keys: dict[str, PyJWK] = {}
        self._began = self._ended = self._fetched = float("-inf")
        self._beginning = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()

    def get(self, kid: str) -> PyJWK | None:
        """The key with this id, or None if the issuer has none. Raises KeysUnavailable."""
        key = self._usable().get(kid)
        if key is None:
            return self._find(kid)
        if time.monotonic() - self._fetched > LIFETIME:
            self._begin()
        return key

    def _find(self, kid: str) -> PyJWK | None:
        """Fetches the keys. Only one caller waits: the others get an answer at once.

        Without any key nobody can be served, so all wait for the first fetch.
        """
        usable, fetched = self._usable(), self._fetched
        began = self._begin()
        if began or not usable:
            self._idle.wait(self._began + TIMEOUT - time.monotonic())
        key = self._usable().get(kid)
        asked = began and self._fetched > fetched
        if key is None and not asked:
            raise KeysUnavailable(f"no keys were fetched from {self._issuer}")
        return key

    def _usable(self) -> dict[str, PyJWK]:
        return self._keys if time.monotonic() - self._fetched < MAX_AGE else {}

    def _begin(self) -> bool:
        """Starts a fetch in a thread, because a name server that hangs has no time limit.

        Does nothing while one runs, or has just ended. Returns whether it has started one.
        """
        with self._beginning:
            now = time.monotonic()
            if not self._idle.is_set() or now - self._ended < PAUSE:
                return False
            self._began = now
            self._idle.clear()
            try:
                threading.Thread(target=self._renew, daemon=True).start()
            except RuntimeError as error:  # too many threads: cached keys stay usable
                self._end(error)
            return True

    def _renew(self) -> None:
        try:
            self._keys = asyncio.run(asyncio.wait_for(_fetch(self._issuer), TIMEOUT))
            self._fetched = time.monotonic()
            self._end()
        except Exception as error:  # whatever an issuer sends, cached keys stay usable
            self._end(error)

    def _end(self, error: Exception | None = None) -> None:
        if error:
            log.error("cannot fetch keys from %s: %r", self._issuer, error)
        self._ended = time.monotonic()
        self._idle.set()


async def _fetch(issuer: str) -> dict[str, PyJWK]:
    """Fetches the keys from the discovered URL (OpenID Connect Discovery 1.0, section 4)."""
    configuration = await _get_json(issuer.rstrip("/") + "/.well-known/openid-configuration")
    if configuration["issuer"] != issuer:
        raise ValueError("the configuration is another issuer's")
    key_set = await _get_json(configuration["jwks_uri"])
    keys = {jwk["kid"]: key for jwk in key_set["keys"] if (key := _verification_key(jwk))}
    if not keys:
        raise ValueError("the key set has no key that verifies signatures")
    return keys


async def _get_json(url: str) -> Any:
    """One answer without redirects: they could lead to keys of someone else."""
    if not is_secure(url):
        raise ValueError(f"{url!r} must use https: keys fetched over http can be replaced")
    async with (
        # over http, a proxy of the environment could replace the keys
        httpx2.AsyncClient(timeout=TIMEOUT, trust_env=url.startswith("https:")) as client,
        # a small compressed answer could become a huge one
        client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as response,
    ):
        response.raise_for_status()
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise ValueError(f"the answer of {url} is compressed")
        body = b""
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > MAX_BYTES:
                raise ValueError(f"the answer of {url} is larger than {MAX_BYTES} bytes")
    return json.loads(body)


def _verification_key(jwk: Any) -> PyJWK | None:
    """A public key for signatures, or None. One unusable key must not hide the others.

    A private or symmetric key in a published set is known to everybody, so it proves nothing.
    """
    try:
        if not isinstance(jwk["kid"], str) or jwk.get("use", "sig") != "sig":
            return None
        return None if jwk["kty"] == "oct" or "d" in jwk else PyJWK(jwk)
    except (PyJWTError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None
