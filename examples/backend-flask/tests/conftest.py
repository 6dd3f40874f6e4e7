from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orders_api import create_app
from orders_api.settings import Settings
from tests.issuer import AUDIENCE, Issuer, running_issuer

FRONTEND = "https://app.example.com"

Get = Callable[..., TestResponse]


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def environment(issuer: Issuer, tmp_path: Path) -> dict[str, str]:
    return {
        "OIDC_ISSUER": issuer.url,
        "OIDC_AUDIENCE": AUDIENCE,
        "FRONTEND_ORIGIN": FRONTEND,
        "PERMISSIONS_CLAIM": "",
        "DATABASE_PATH": f"{tmp_path}/orders.sqlite",
        "RATE_LIMIT": "1000 per minute",
    }


@pytest.fixture
def client(environment: dict[str, str]) -> FlaskClient:
    return create_app(Settings.from_environment(environment)).test_client()


@pytest.fixture
def behind_proxy(environment: dict[str, str]) -> FlaskClient:
    environment = environment | {"TRUSTED_PROXIES": "1"}
    return create_app(Settings.from_environment(environment)).test_client()


@pytest.fixture
def get(client: FlaskClient) -> Get:
    """Sends a GET request with a token."""

    def get(token: str, path: str = "/orders", **headers: str) -> TestResponse:
        return client.get(path, headers={"Authorization": f"Bearer {token}"} | headers)

    return get
