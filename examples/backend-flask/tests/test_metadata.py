"""The metadata of RFC 9728, which exist only if API_URL is set."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from orders_api import create_app
from orders_api.settings import Settings
from orders_api.tokens import ALGORITHMS
from tests.issuer import Issuer

WELL_KNOWN = "/.well-known/oauth-protected-resource"


@pytest.mark.parametrize("path", ["", "/shop", "/shop/v1"])
def test_an_app_finds_where_to_get_a_token(
    issuer: Issuer, environment: dict[str, str], path: str
) -> None:
    api = f"https://api.example.com{path}"
    client = create_app(Settings.from_environment(environment | {"API_URL": api})).test_client()
    for headers in ({}, {"Authorization": "Bearer rubbish"}, {"Authorization": 'Bearer "'}):
        challenge = client.get("/orders", headers=headers).headers["WWW-Authenticate"]
        [url] = re.findall(r'resource_metadata="([^"]*)"', challenge)
        assert url == f"https://api.example.com{WELL_KNOWN}{path}"
    assert client.get(urlsplit(url).path).json == {
        "resource": api,
        "authorization_servers": [issuer.url],
        "scopes_supported": ["orders:read", "orders:write"],
        "bearer_methods_supported": ["header"],
        "dpop_signing_alg_values_supported": ALGORITHMS,
        "tls_client_certificate_bound_access_tokens": False,
    }


def test_the_metadata_are_as_the_description_says(environment: dict[str, str]) -> None:
    app = create_app(
        Settings.from_environment(environment | {"API_URL": "https://api.example.com"})
    )
    description = json.loads(Path(app.root_path, "openapi.json").read_text())
    schema = description["components"]["schemas"]["ResourceMetadata"]
    metadata = app.test_client().get(WELL_KNOWN).json
    assert metadata is not None
    assert set(metadata) == set(schema["properties"]) == set(schema["required"])


def test_without_the_apis_url_there_is_none(client: FlaskClient) -> None:
    assert client.get(WELL_KNOWN).status_code == 404
    assert "resource_metadata" not in client.get("/orders").headers["WWW-Authenticate"]
