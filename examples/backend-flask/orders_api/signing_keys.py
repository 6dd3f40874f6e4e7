"""A cache of the issuer's public keys (RFC 7517). Callers cannot force a fetch."""

import json
import logging
import threading
import time
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import urlopen

from jwt import PyJWK, PyJWKClient, PyJWTError

log = logging.getLogger(__name__)

LIFETIME = 300.0
"""Seconds until keys are fetched again. A key that the issuer withdraws stays valid this long."""

PAUSE = 5.0
"""Seconds between two attempts to fetch, whether the first one succeeded or not."""

TIMEOUT = 3.0
"""Seconds to wait for the issuer's answer."""


class KeysUnavailable(Exception):
    """A key is not in the cache, and the issuer cannot be reached."""


class SigningKeys:
    """The keys that one process has cached.

    An unknown key id triggers a fetch, so a new key works at once. Between two attempts there is a
    pause, so invented key ids cannot flood the issuer. Cached keys stay valid while the issuer
    cannot be reached.
    """

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._keys: dict[str, PyJWK] = {}
        self._failed = False
        self._attempted = self._fetched = float("-inf")
        self._lock = threading.Lock()

    def get(self, kid: str) -> PyJWK | None:
        """The key with this id, or None if the issuer has none. Raises KeysUnavailable."""
        known = kid in self._keys
        stale = time.monotonic() - self._fetched > LIFETIME
        if (not known or stale) and self._lock.acquire(blocking=not known):
            try:
                if time.monotonic() - self._attempted > PAUSE:
                    self._renew()
            finally:
                self._lock.release()
        key = self._keys.get(kid)
        if key is None and self._failed:
            raise KeysUnavailable(f"no key can be fetched from {self._issuer}")
        return key

    def _renew(self) -> None:
        try:
            self._keys = self._fetch()
            self._fetched = time.monotonic()
            self._failed = False
        except (OSError, HTTPException, ValueError, PyJWTError) as error:
            self._failed = True
            log.error("cannot fetch keys from %s: %s", self._issuer, error)
            if isinstance(error, HTTPError):
                error.close()
        finally:
            self._attempted = time.monotonic()

    def _fetch(self) -> dict[str, PyJWK]:
        """Fetches the keys from the discovered URL (OpenID Connect Discovery 1.0, section 4)."""
        url = self._issuer.rstrip("/") + "/.well-known/openid-configuration"
        with urlopen(url, timeout=TIMEOUT) as response:  # noqa: S310  (settings allow http(s) only)
            configuration = json.load(response)
        if not isinstance(configuration, dict) or configuration.get("issuer") != self._issuer:
            raise ValueError(f"{url} describes another issuer")
        client = PyJWKClient(
            str(configuration.get("jwks_uri")), cache_jwk_set=False, timeout=TIMEOUT
        )
        return {key.key_id: key for key in client.get_signing_keys() if key.key_id}
