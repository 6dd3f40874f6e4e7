"""A client of the orders API that gets its own access tokens (RFC 6749, section 4.4)."""

import json
import threading
import time
from typing import Any
from urllib.parse import quote_plus

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client

from patience import BUSY, patiently, raise_if_busy

TIMEOUT = httpx2.Timeout(15.0, connect=5.0)


class Refused(Exception):
    """Keycloak or the API refuses a request, and retries do not help. The text is for users."""


class OrdersClient:
    """Calls the API for one customer. Threads can share an object, and so its token.

    Each request is retried for at most `retry_seconds`. Methods raise Refused or Unavailable.
    """

    def __init__(
        self,
        *,
        token_url: str,
        client_id: str,
        client_secret: str,
        api_url: str,
        retry_seconds: float = 60,
    ) -> None:
        self._token_url = token_url
        self._client_id = client_id
        self._api_url = api_url.rstrip("/")
        self._retry_seconds = retry_seconds
        hooks = {"response": [raise_if_busy]}
        self._api = httpx2.Client(timeout=TIMEOUT, event_hooks=hooks)
        # form-encoded, as RFC 6749, section 2.3.1, requires: Authlib does not encode them
        self._keycloak = OAuth2Client(
            quote_plus(client_id), quote_plus(client_secret), timeout=TIMEOUT, event_hooks=hooks
        )
        self._lock = threading.Lock()
        self._token = ""
        self._renew_at = 0.0

    def list(self, before: str | None = None) -> dict[str, Any]:
        """Lists one page of orders, newest first. `next` is the `before` of the next page."""
        return self._call("GET", "/orders", params={"before": before} if before else None)

    def place(self, item: str, quantity: int) -> dict[str, Any]:
        """Places an order. A retry happens only if the API cannot have placed it yet."""
        return self._call("POST", "/orders", json={"item": item, "quantity": quantity})

    def _call(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        token = self._access_token(refused=None)
        answer = self._send(method, path, token, **content)
        if answer.status_code == 401:
            answer = self._send(method, path, self._access_token(refused=token), **content)
        result = _json_object(answer)
        if answer.is_success and result is not None:
            return result
        if answer.is_success:
            raise Refused("the server at API_URL is not the API; check API_URL")
        raise Refused(_refusal_by_api(answer.status_code, result))

    def _send(self, method: str, path: str, token: str, **content: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return patiently(
            "the API",
            lambda: self._api.request(method, self._api_url + path, headers=headers, **content),
            seconds=self._retry_seconds,
            repeatable=method == "GET",
        )

    def _access_token(self, refused: str | None) -> str:
        """The cached token, or a new one if it expires soon or the API refused it.

        The lock lets parallel calls share one request for a token.
        """
        with self._lock:
            if time.monotonic() >= self._renew_at or self._token == refused:
                token = patiently(
                    "Keycloak", self._request_token, seconds=self._retry_seconds, repeatable=True
                )
                self._token = token["access_token"]
                # kept until a tenth of its lifetime is left
                self._renew_at = time.monotonic() + 0.9 * float(token.get("expires_in", 0))
            return self._token

    def _request_token(self) -> dict[str, Any]:
        try:
            token = self._keycloak.fetch_token(self._token_url, grant_type="client_credentials")
        except OAuthError as error:
            raise Refused(_refusal_by_keycloak(error.error, self._client_id)) from None
        except httpx2.HTTPStatusError as error:
            if error.response.status_code in BUSY:
                raise
            token = None
        except ValueError:
            token = None
        if not isinstance(token, dict) or not isinstance(token.get("access_token"), str):
            raise Refused("the server at TOKEN_URL issues no token; check TOKEN_URL")
        return token


def _json_object(answer: httpx2.Response) -> dict[str, Any] | None:
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _refusal_by_keycloak(error: str, client_id: str) -> str:
    """Keycloak distinguishes unknown and suspended clients from wrong secrets."""
    match error:
        case "invalid_client":
            return (
                f'Keycloak refuses CLIENT_ID "{client_id}" (invalid_client): the customer does '
                "not exist or is suspended; ask the operator of the API"
            )
        case "unauthorized_client":
            return (
                f'Keycloak refuses CLIENT_SECRET for "{client_id}" (unauthorized_client): '
                "use the latest secret that you received"
            )
    return f"Keycloak issues no token ({error}); check TOKEN_URL"


def _refusal_by_api(status: int, problem: dict[str, Any] | None) -> str:
    """The message for an error of the API, with its problem details if any (RFC 9457)."""
    details = [problem[name] for name in ("detail", "errors") if name in problem] if problem else []
    detail = f": {json.dumps(details)}" if details else ""
    match status:
        case 401:
            hint = "check that TOKEN_URL and API_URL belong together"
            return f"the API refuses new tokens too{detail}; {hint}"
        case 403:
            return f"the API does not permit this{detail}; ask the operator of the API"
    return f"the API answers with HTTP {status}{detail}"
