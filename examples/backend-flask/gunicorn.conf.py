"""How gunicorn runs the API; its command line goes before what is said here."""

import logging

wsgi_app = "orders_api.wsgi:app"
preload_app = True
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 10
# an Authorization header of 100 KB is refused by the API, with problem details;
# fewer fields than usual, as what one request may hold is the product
limit_request_field_size = 104 * 1024
limit_request_fields = 40
control_socket_disable = True


class WithoutRequest(logging.Filter):
    """Leaves out what a caller sent from gunicorn's own messages, as it may hold a token."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = str(record.msg)
        if message.startswith("Invalid request from "):
            record.msg = message.partition(": ")[0]
        elif message.startswith("Error handling request "):
            record.msg, record.args = "Error handling request", ()
        return True


logging.getLogger("gunicorn.error").addFilter(WithoutRequest())
