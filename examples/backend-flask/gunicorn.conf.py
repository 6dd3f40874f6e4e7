"""Gunicorn's settings. Its command line overrides them."""

import logging

wsgi_app = "orders_api.wsgi:app"
preload_app = True
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 10
# Longer than clients and load balancers keep an idle connection, often 60 s. A server that closes
# it first can reset the client's next request.
keepalive = 75
# Large enough that the API itself refuses an Authorization header of 100 KB, with problem details.
# A request can be as large as both limits multiplied, so it may have fewer fields than usual.
limit_request_field_size = 104 * 1024
limit_request_fields = 40
control_socket_disable = True


class WithoutRequest(logging.Filter):
    """Removes the request from gunicorn's own messages: it may contain a token."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = str(record.msg)
        if message.startswith("Invalid request from "):
            record.msg = message.partition(": ")[0]
        elif message.startswith("Error handling request "):
            record.msg, record.args = "Error handling request", ()
        return True


logging.getLogger("gunicorn.error").addFilter(WithoutRequest())
