"""Lists and places orders: `orders.py list [<before>]`, `orders.py place <item> <quantity>`."""

import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx2

from authentication import authentication
from orders_client import OrdersClient, Refused, Unavailable

USAGE = "usage: orders.py list [<before>] | orders.py place <item> <quantity>"

URL = re.compile(
    r"(https://[A-Za-z0-9.-]+|http://(localhost|127\.0\.0\.1|\[::1\]))"
    r"(:([0-5]?[0-9]{1,4}|6[0-5][0-9]{3}))?(/[A-Za-z0-9._~%/:-]*)?"
)
NO_TEXT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class WrongUsage(Exception):
    """Wrong settings or a wrong command. The message has no value: it may be a secret."""


def main(arguments: Sequence[str]) -> int:
    """Runs one command. Returns the exit status."""
    try:
        print(json.dumps(run(arguments)), flush=True)
    except WrongUsage as error:
        return fail(2, error)
    except Refused as error:
        return fail(1, error)
    except Unavailable as error:
        return fail(3, error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        pass  # the reader has closed the pipe
    return 0


def run(arguments: Sequence[str]) -> dict[str, Any]:
    action = command(arguments)
    with client(os.environ) as orders:
        return action(orders)


def command(arguments: Sequence[str]) -> Callable[[OrdersClient], dict[str, Any]]:
    match arguments:
        case ["list"]:
            return OrdersClient.list
        case ["list", before] if re.fullmatch("[0-9a-f-]+", before):
            return lambda orders: orders.list(before)
        case ["place", item, quantity] if item and not NO_TEXT.search(item):
            if re.fullmatch("0|[1-9][0-9]{0,8}", quantity):
                return lambda orders: orders.place(item, int(quantity))
    raise WrongUsage(USAGE)


def client(environment: Mapping[str, str]) -> OrdersClient:
    """Creates a client from the settings. Raises one WrongUsage that names every problem."""
    problems: list[str] = []

    def read(name: str, if_missing: str = "") -> str:
        value = environment.get(name, "") or if_missing
        if not value:
            problems.append(f"{name} is not set")
        elif NO_TEXT.search(value):
            problems.append(f"{name} contains a line break or another control character")
        elif name.endswith("_URL") and not is_url(value):
            url = "a URL that begins with https:// (or http://localhost)"
            problems.append(f"{name} has to be {url}")
        return value

    token_url, client_id = read("TOKEN_URL"), read("CLIENT_ID")
    method = authentication(client_id, token_url, read, problems)
    api_url = read("API_URL")
    binding = read("TOKEN_BINDING", "none")
    if binding not in ("none", "dpop"):
        problems.append("TOKEN_BINDING has to be dpop, or unset")
    retry_seconds = environment.get("RETRY_SECONDS", "") or "60"
    if not re.fullmatch("0|[1-9][0-9]{0,4}", retry_seconds):
        problems.append("RETRY_SECONDS has to be a number of seconds, from 0 to 99999")
    if problems or method is None:
        raise WrongUsage("; ".join(problems))
    return OrdersClient(
        token_url=token_url,
        client_id=client_id,
        authentication=method,
        api_url=api_url,
        is_bound=binding == "dpop",
        retry_seconds=int(retry_seconds),
    )


def is_url(text: str) -> bool:
    try:
        return URL.fullmatch(text) is not None and bool(httpx2.URL(text))
    except httpx2.InvalidURL:
        return False


def fail(status: int, error: Exception) -> int:
    print(f"orders: {error}", file=sys.stderr)
    return status


if __name__ == "__main__":
    status = main(sys.argv[1:])
    # not sys.exit(), which waits for a name server that does not answer
    os._exit(status)
