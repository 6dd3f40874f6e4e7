"""How gunicorn runs the API; its command line goes before what is said here."""

import logging

wsgi_app = "orders_api.wsgi:app"
preload_app = True
worker_class = "gthread"
threads = 4
timeout = 30
limit_request_field_size = 8190
control_socket_disable = True


class WithoutRequest(logging.Filter):
    """A request that gunicorn cannot parse is logged without its text, as that may hold a token."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = str(record.msg).partition(": ")[0] if _quotes_request(record) else record.msg
        return True


def _quotes_request(record: logging.LogRecord) -> bool:
    return str(record.msg).startswith("Invalid request from ")


logging.getLogger("gunicorn.error").addFilter(WithoutRequest())
