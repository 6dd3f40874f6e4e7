"""What apps have to know to get a token for this API (RFC 9728)."""

from urllib.parse import urlsplit

from flask import Flask

from orders_api.access import permissions
from orders_api.settings import Settings
from orders_api.tokens import ALGORITHMS


def publish_metadata(app: Flask, settings: Settings) -> None:
    """Publishes the metadata, and names its URL in challenges, if the API's own URL is set.

    The URL cannot come from a request: whoever sends one chooses its `Host`.
    """
    if not settings.api_url:
        return
    url = urlsplit(settings.api_url)
    # before the path of the API (section 3.1), so a proxy passes it on without removing a prefix
    path = f"/.well-known/oauth-protected-resource{url.path}"
    app.extensions["metadata_url"] = f"{url.scheme}://{url.netloc}{path}"

    @app.get(path)
    def metadata() -> dict[str, object]:
        return {
            # clients compare it with the URL that they know for the API (section 3.3)
            "resource": settings.api_url,
            "authorization_servers": [settings.issuer],
            "scopes_supported": sorted(permissions),
            "bearer_methods_supported": ["header"],
            "dpop_signing_alg_values_supported": ALGORITHMS,
            "tls_client_certificate_bound_access_tokens": bool(settings.client_certificate_header),
        }
