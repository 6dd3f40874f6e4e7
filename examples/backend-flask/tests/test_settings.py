"""Settings that are refused, with their messages, and settings that are accepted."""

import pytest

from orders_api import create_app
from orders_api.settings import Settings, SettingsError


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("OIDC_ISSUER", "", "OIDC_ISSUER is not set"),
        ("OIDC_ISSUER", "login.example.com", "not an issuer"),
        ("OIDC_ISSUER", "ftp://login.example.com", "not an issuer"),
        ("OIDC_ISSUER", "https://login.example.com/?a", "not an issuer"),
        ("OIDC_ISSUER", "https://login.example.com\n", "not an issuer"),
        ("OIDC_ISSUER", "https://login.example.com:x", "not an issuer"),
        ("OIDC_ISSUER", "http://login.example.com/realms/a", "must use https"),
        ("OIDC_AUDIENCE", "", "OIDC_AUDIENCE is not set"),
        ("OIDC_AUDIENCE", 'a"b', "OIDC_AUDIENCE"),
        ("FRONTEND_ORIGIN", "", "FRONTEND_ORIGIN is not set"),
        ("FRONTEND_ORIGIN", "*", "not an origin"),
        ("FRONTEND_ORIGIN", "https://app.example.com/", "not an origin"),
        ("FRONTEND_ORIGIN", "https://*.example.com", "not an origin"),
        ("FRONTEND_ORIGIN", "https://App.example.com", "not an origin"),
        ("DATABASE_PATH", "/nowhere/orders.sqlite", "folder that does not exist"),
        ("DATABASE_PATH", "/", "the database '/' cannot be used"),
        ("RATE_LIMIT", "many", "not one rate"),
        ("RATE_LIMIT", "-1 per minute", "not one rate"),
        ("RATE_LIMIT", "5/second; 1000/day", "not one rate"),
        ("RATE_LIMIT_STORAGE_URI", "redis", "must be memory://"),
        ("RATE_LIMIT_STORAGE_URI", "other://:password@host", "must be memory://"),
        ("RATE_LIMIT_STORAGE_URI", "redis://host:password", "must be memory://"),
        ("API_URL", "http://api.example.com", "not an https URL"),
        ("API_URL", "https://api.example.com/", "must not end with a slash"),
        ("API_URL", "https://api.example.com/?a", "not an https URL"),
        ("API_URL", 'https://api.example.com/"', "not an https URL"),
        ("API_URL", "https://api.example.com/<shop>", "not an https URL"),
        ("TRUSTED_PROXIES", "-1", "from 0 to 9"),
        ("TRUSTED_PROXIES", "yes", "from 0 to 9"),
        ("CLIENT_CERTIFICATE_HEADER", "X-Client-Certificate", "requires TRUSTED_PROXIES"),
        ("CLIENT_CERTIFICATE_HEADER", "X_Certificate", "not a header such as"),
    ],
)
def test_refuses_a_wrong_setting(
    environment: dict[str, str], name: str, value: str, message: str
) -> None:
    with pytest.raises(SettingsError) as error:
        create_app(Settings.from_environment(environment | {name: value}))
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert "password" not in str(error.value)


def test_reports_all_problems_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_environment({"RATE_LIMIT": "many"})
    assert str(error.value).count("; ") == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ISSUER", "https://login.example.com/auth/realms/a"),
        ("OIDC_ISSUER", "http://localhost:8080/realms/a"),
        ("OIDC_ISSUER", "http://[::1]:8080/realms/a"),
        ("FRONTEND_ORIGIN", "http://localhost:5173"),
        ("RATE_LIMIT", "1000/day"),
        ("API_URL", "http://localhost:5000"),
        ("RATE_LIMIT_STORAGE_URI", "memory://"),
        ("RATE_LIMIT_STORAGE_URI", "rediss://:password@cache.example.com:6379/1"),
    ],
)
def test_accepts_a_valid_setting(environment: dict[str, str], name: str, value: str) -> None:
    create_app(Settings.from_environment(environment | {name: value}))


def test_has_defaults() -> None:
    needed = {
        "OIDC_ISSUER": "https://login.example.com/realms/a",
        "OIDC_AUDIENCE": "a",
        "FRONTEND_ORIGIN": "https://app.example.com",
    }
    settings = Settings.from_environment(needed)
    assert str(settings.database_path) == "orders.sqlite"
    assert settings.rate_limit == "60 per minute"
    assert settings.trusted_proxies == 0
    assert settings.client_certificate_header == ""
    assert settings.permissions_claim == "permissions"
    assert settings.rate_limit_storage_uri == "memory://"
