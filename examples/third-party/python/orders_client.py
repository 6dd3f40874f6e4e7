"""A client of the orders API that gets its own access tokens (RFC 6749, section 4.4)."""

import asyncio
import json
import re
import ssl
import time
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import Any, NamedTuple, Self

import httpx2
from anyio.from_thread import start_blocking_portal

from authentication import Authentication, Unusable, credentials_of
from dpop import Prover
from patience import LIMIT, Unavailable, patiently

__all__ = ["OrdersClient", "Refused", "Unavailable"]

DEFAULT_LIFETIME = 60
"""A token's lifetime in seconds if the server does not tell it: `expires_in` is optional."""

GRANT = {"grant_type": "client_credentials"}
AGAIN = "try again later"
CHECK = "list your orders before you place this one again"


class Refused(Exception):
    """Keycloak or the API refuses a request, and retries do not help. The message is for users."""


class Token(NamedTuple):
    value: str
    renew_at: float


class _Resolvers(ThreadPoolExecutor):
    """Threads that look up host names. Nothing can stop one, so nobody waits for them."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait=False, cancel_futures=cancel_futures)


class OrdersClient:
    """Calls the API for one customer. Threads can share an object, and so its token.

    Use it in a `with` statement, which closes its connections. A call is repeated for at most
    `retry_seconds`, and ends at the latest 15 seconds later. Methods raise Refused or Unavailable.
    With `is_bound`, the tokens are bound to a key (DPoP).

    A thread of its own runs an event loop for the requests: only asyncio limits their total time.
    """

    def __init__(
        self,
        *,
        token_url: str,
        client_id: str,
        authentication: Authentication,
        api_url: str,
        is_bound: bool = False,
        retry_seconds: float = 60,
    ) -> None:
        self._token_url = token_url
        self._client_id = client_id
        self._authentication = authentication
        self._prover = Prover() if is_bound else None
        self._orders_url = api_url.rstrip("/") + "/orders"
        self._retry_seconds = retry_seconds
        self._token: Token | None = None
        self._pending: asyncio.Task[Token] | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._portal = stack.enter_context(start_blocking_portal())
            self._portal.call(lambda: asyncio.get_running_loop().set_default_executor(_Resolvers()))
            has_proxy = "https:" in (self._token_url[:6], self._orders_url[:6])
            http = _http(has_proxy=has_proxy, context=self._authentication.context)
            self._http = stack.enter_context(self._portal.wrap_async_context_manager(http))
            self._open = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def list(self, before: str | None = None) -> dict[str, Any]:
        """Lists one page of orders, newest first. `next` is the `before` of the next page."""
        params = {} if before is None else {"before": before}
        request = self._http.build_request("GET", self._orders_url, params=params)
        return self._portal.call(self._call, request)

    def place(self, item: str, quantity: int) -> dict[str, Any]:
        """Places an order. Repetitions have the same key, so that the API places it only once."""
        order = {"item": item, "quantity": quantity}
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        request = self._http.build_request("POST", self._orders_url, json=order, headers=headers)
        return self._portal.call(self._call, request)

    async def _call(self, request: httpx2.Request) -> dict[str, Any]:
        deadline = time.monotonic() + self._retry_seconds
        token = await self._access_token(deadline)
        answer = await self._send(request, token, deadline)
        if answer.status_code == 401:
            token = await self._access_token(deadline, refused=token)
            answer = await self._send(request, token, deadline)
        result = _json_object(answer)
        if answer.is_success and result is not None:
            return result
        if answer.is_success:
            raise Refused("the server at API_URL is not the API; check API_URL")
        raise Refused(_refusal_by_api(answer.status_code, result))

    async def _send(
        self, request: httpx2.Request, token: Token, deadline: float
    ) -> httpx2.Response:
        def send() -> Awaitable[httpx2.Response]:
            scheme = "DPoP" if self._prover else "Bearer"
            request.headers["Authorization"] = f"{scheme} {token.value}"
            if self._prover:
                proof = self._prover.proof(request.method, request.url, token.value)
                request.headers["DPoP"] = proof
            return self._http.send(request)

        advice = CHECK if request.method == "POST" else AGAIN
        return await self._send_proven("the API", request.url, send, deadline, advice)

    async def _send_proven(
        self,
        server: str,
        url: httpx2.URL,
        send: Callable[[], Awaitable[httpx2.Response]],
        deadline: float,
        advice: str,
    ) -> httpx2.Response:
        """Sends a request, and once more if the server asks for a nonce in the proof."""
        answer = await patiently(server, send, deadline=deadline, advice=advice)
        if self._prover and self._prover.learn(url, answer):
            answer = await patiently(server, send, deadline=deadline, advice=advice)
        return answer

    async def _access_token(self, deadline: float, refused: Token | None = None) -> Token:
        """The cached token, or a new one if it expires soon or the API refused it.

        Parallel calls share one request for a token, and its failure.
        """
        token = self._token
        if token and token != refused and time.monotonic() < token.renew_at:
            return token
        if self._pending is None or self._pending.done():
            self._pending = asyncio.create_task(self._request_token(deadline))
        return await self._pending

    async def _request_token(self, deadline: float) -> Token:
        url = httpx2.URL(self._token_url)

        def send() -> Awaitable[httpx2.Response]:
            form, auth = credentials_of(self._authentication)
            headers = {"DPoP": self._prover.proof("POST", url)} if self._prover else {}
            return self._http.post(url, data={**GRANT, **form}, auth=auth, headers=headers)

        try:
            answer = await self._send_proven("Keycloak", url, send, deadline, AGAIN)
        except Unusable as error:
            raise Refused(str(error)) from None
        body = _json_object(answer) or {}
        if answer.status_code != 200:
            raise Refused(
                _refusal_by_keycloak(
                    answer.status_code, body, self._client_id, self._authentication
                )
            )
        value, lifetime = body.get("access_token"), body.get("expires_in")
        if not isinstance(value, str) or not re.fullmatch("[A-Za-z0-9._~+/-]+=*", value):
            raise Refused("the server at TOKEN_URL issues no token; check TOKEN_URL")
        if self._prover and str(body.get("token_type")).lower() != "dpop":
            why = "Keycloak issues a token that is not bound to a key"
            raise Refused(f"{why}; unset TOKEN_BINDING")
        if not isinstance(lifetime, int) or not 0 <= lifetime < 10**9:
            lifetime = DEFAULT_LIFETIME
        # kept until a tenth of its lifetime is left
        self._token = Token(value, time.monotonic() + 0.9 * lifetime)
        return self._token


def _http(*, has_proxy: bool, context: ssl.SSLContext | None) -> httpx2.AsyncClient:
    try:
        return httpx2.AsyncClient(
            headers={"User-Agent": "orders-client/1.0"},
            timeout=LIMIT,
            verify=context or True,
            trust_env=has_proxy,
            # http: URLs are always on this machine, which no proxy can reach
            mounts={"http://": None},
        )
    except (ImportError, ValueError, httpx2.InvalidURL):
        # without the reason, which may contain a piece of a password
        why = "HTTPS_PROXY or another proxy variable is not the URL of an HTTP proxy"
        raise Unavailable(f"Keycloak cannot be reached ({why}); {AGAIN}") from None


def _json_object(answer: httpx2.Response) -> dict[str, Any] | None:
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _refusal_by_keycloak(
    status: int, body: dict[str, Any], client_id: str, authentication: Authentication
) -> str:
    """Keycloak distinguishes unknown and suspended clients from wrong secrets only."""
    setting, advice = authentication.setting, authentication.advice
    match body.get("error"):
        case "invalid_client" if setting != "CLIENT_SECRET":
            return (
                f'Keycloak refuses {setting} for "{client_id}" (invalid_client): {advice}; '
                "if all of that is right, the customer does not exist or is suspended"
            )
        case "invalid_client":
            return (
                f'Keycloak refuses CLIENT_ID "{client_id}" (invalid_client): the customer does '
                "not exist or is suspended; ask the operator of the API"
            )
        case "unauthorized_client":
            return f'Keycloak refuses {setting} for "{client_id}" (unauthorized_client): {advice}'
        case "invalid_dpop_proof" | "invalid_request" as error:
            return (
                f"Keycloak refuses the request ({error}): if your tokens are bound to a key, "
                "set TOKEN_BINDING=dpop, and check the clock of this machine"
            )
        case str(error) if re.fullmatch("[A-Za-z0-9_-]+", error):
            return f"Keycloak issues no token (HTTP {status}, {error}); check TOKEN_URL"
    return f"Keycloak issues no token (HTTP {status}); check TOKEN_URL"


def _refusal_by_api(status: int, problem: dict[str, Any] | None) -> str:
    """The message for an error of the API, with its problem details if any (RFC 9457).

    json.dumps() escapes what a terminal would obey.
    """
    details = [problem[name] for name in ("detail", "errors") if name in problem] if problem else []
    detail = f": {json.dumps(details)}" if details else ""
    match status:
        case 401:
            hint = "check that TOKEN_URL and API_URL belong together"
            return f"the API refuses a new token{detail}; {hint}"
        case 403:
            return f"the API does not permit this{detail}; ask the operator of the API"
    return f"the API answers with HTTP {status}{detail}"
