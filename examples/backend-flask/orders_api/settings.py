"""Settings from environment variables, validated before the first request."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, urlsplit

from limits import parse_many

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class SettingsError(Exception):
    """Wrong settings. The message is one line."""


@dataclass(frozen=True)
class Settings:
    """The settings of one deployment. README.md describes each of them."""

    issuer: str
    audience: str
    permissions_claim: str
    frontend_origin: str
    database_path: Path
    rate_limit: str
    rate_limit_storage_uri: str
    trusted_proxies: int
    api_url: str
    client_certificate_header: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Reads all settings. Raises one SettingsError with every problem."""
        problems: list[str] = []

        def read(name: str, default: str = "") -> str:
            value = environment.get(name, "") or default
            problem = f"{name} is not set" if not value else PROBLEMS[name](value)
            if problem:
                problems.append(problem)
            return value

        def optional(name: str) -> str:
            return read(name) if environment.get(name) else ""

        settings = cls(
            issuer=read("OIDC_ISSUER"),
            audience=read("OIDC_AUDIENCE"),
            # a claim that no token has grants nothing, so only an empty value has to be explicit
            permissions_claim=environment.get("PERMISSIONS_CLAIM", "permissions"),
            frontend_origin=read("FRONTEND_ORIGIN"),
            database_path=Path(read("DATABASE_PATH", "orders.sqlite")),
            rate_limit=read("RATE_LIMIT", "60 per minute"),
            # checked by `limits`, which knows its storages
            rate_limit_storage_uri=environment.get("RATE_LIMIT_STORAGE_URI") or "memory://",
            trusted_proxies=_number(read("TRUSTED_PROXIES", "0")) or 0,
            api_url=optional("API_URL"),
            client_certificate_header=optional("CLIENT_CERTIFICATE_HEADER"),
        )
        if settings.client_certificate_header and not settings.trusted_proxies:
            # anybody could send this header to an API without a proxy
            problems.append("CLIENT_CERTIFICATE_HEADER requires TRUSTED_PROXIES")
        if problems:
            raise SettingsError("; ".join(problems))
        return settings


def _url(value: str) -> SplitResult | None:
    try:
        url = urlsplit(value)
        url.port  # noqa: B018  (raises if the port is not a number)
    except ValueError:
        return None
    http = url.scheme in ("http", "https") and url.hostname is not None
    return url if http and value.isprintable() and " " not in value else None


def is_secure(value: str) -> bool:
    """Whether nobody on the network can change what this URL answers."""
    url = _url(value)
    return url is not None and (url.scheme == "https" or url.hostname in LOOPBACK)


def _issuer_problem(value: str) -> str | None:
    """An https URL without query and fragment (OpenID Connect Discovery 1.0, section 3)."""
    if _url(value) is None or "?" in value or "#" in value:
        return f"OIDC_ISSUER {value!r} is not an issuer such as https://login.example.com/realms/a"
    if not is_secure(value):
        return f"OIDC_ISSUER {value!r} must use https: keys fetched over http can be replaced"
    return None


def _api_url_problem(value: str) -> str | None:
    """A resource identifier (RFC 9728, section 1.2)."""
    if value.endswith("/"):
        return f"API_URL {value!r} must not end with a slash"
    path = r"(/[A-Za-z0-9._~-]+)*"
    if not is_secure(value) or not re.fullmatch(rf"https?://[a-z0-9.:\[\]-]+{path}", value):
        return f"API_URL {value!r} is not an https URL such as https://api.example.com/shop"
    return None


def _audience_problem(value: str) -> str | None:
    if not re.fullmatch(r"[!#-\[\]-~]+", value):
        return f"OIDC_AUDIENCE {value!r} contains a space, a quote or another special character"
    return None


def _origin_problem(value: str) -> str | None:
    """An origin as browsers send it (RFC 6454, section 6.2)."""
    url = _url(value)
    if (
        url is None
        or value != f"{url.scheme}://{url.netloc}"
        or not re.fullmatch(r"[a-z0-9.:\[\]-]+", url.netloc)
    ):
        return f"FRONTEND_ORIGIN {value!r} is not an origin such as https://app.example.com"
    return None


def _database_problem(value: str) -> str | None:
    if not Path(value).absolute().parent.is_dir():
        return f"DATABASE_PATH {value!r} is in a folder that does not exist"
    return None


def _rate_problem(value: str) -> str | None:
    try:
        [_] = parse_many(value)
    except ValueError:
        return f'RATE_LIMIT {value!r} is not one rate such as "60 per minute"'
    return None


def _number(value: str) -> int | None:
    return int(value) if re.fullmatch(r"[0-9]", value) else None


def _proxies_problem(value: str) -> str | None:
    if _number(value) is None:
        return f"TRUSTED_PROXIES {value!r} is not a number of proxies, from 0 to 9"
    return None


def _header_problem(value: str) -> str | None:
    if not re.fullmatch(r"[A-Za-z0-9-]+", value):
        return f"CLIENT_CERTIFICATE_HEADER {value!r} is not a header such as X-Client-Certificate"
    return None


PROBLEMS = {
    "OIDC_ISSUER": _issuer_problem,
    "OIDC_AUDIENCE": _audience_problem,
    "FRONTEND_ORIGIN": _origin_problem,
    "DATABASE_PATH": _database_problem,
    "RATE_LIMIT": _rate_problem,
    "TRUSTED_PROXIES": _proxies_problem,
    "API_URL": _api_url_problem,
    "CLIENT_CERTIFICATE_HEADER": _header_problem,
}
