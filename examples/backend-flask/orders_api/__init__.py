"""A resource server (RFC 6749, section 1.1) that accepts access tokens from Keycloak."""

import re

from flask import Flask, Response
from flask_cors import CORS
from werkzeug.middleware.proxy_fix import ProxyFix

from orders_api.call_log import log_calls
from orders_api.metadata import publish_metadata
from orders_api.orders import Orders
from orders_api.possession import Possession
from orders_api.problems import answer_with_problems
from orders_api.rate_limit import call_counter, first_use, open_window
from orders_api.routes import MAX_BODY_BYTES, blueprint
from orders_api.settings import Settings
from orders_api.tokens import AccessTokens


def create_app(settings: Settings) -> Flask:
    """Creates the WSGI application. Raises SettingsError if a database cannot be opened."""
    app = Flask(__name__)
    # Werkzeug cuts a chunked body at its limit. The next byte shows that there is more.
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES + 1
    app.url_map.merge_slashes = False
    app.extensions["access_tokens"] = AccessTokens(
        settings.issuer, settings.audience, settings.permissions_claim
    )
    window = open_window(settings)
    app.extensions["count_call"] = call_counter(settings.rate_limit, window)
    app.extensions["possession"] = Possession(
        settings.api_url, settings.client_certificate_header, first_use(window)
    )
    app.extensions["orders"] = Orders(settings.database_path)
    app.register_blueprint(blueprint)
    publish_metadata(app, settings)

    answer_with_problems(app)
    log_calls(app, behind_proxy=settings.trusted_proxies > 0)
    app.after_request(_protect)
    CORS(
        app,
        # a pattern, because Flask-CORS reads an origin with an IPv6 address as one
        origins=[re.compile(re.escape(settings.frontend_origin) + r"\Z")],
        methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
        expose_headers=["Location", "Retry-After", "WWW-Authenticate", "X-Request-ID"],
        max_age=600,
    )
    if settings.trusted_proxies:
        # the caller's address for the log, and a prefix of the path for Location
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0, x_prefix=1
        )
    return app


def _protect(response: Response) -> Response:
    """Forbids caching, because each response is for one caller (RFC 9111, section 5.2.2.5).

    No browser may show a response as a page, even if an attacker links to it or frames it.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
