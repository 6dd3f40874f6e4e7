"""The application that gunicorn loads, configured by environment variables."""

import os
import sys

from orders_api import create_app
from orders_api.call_log import log_to_stdout
from orders_api.settings import Settings, SettingsError

log_to_stdout()
try:
    app = create_app(Settings.from_environment(os.environ))
except SettingsError as error:
    print(f"orders_api cannot start: {error}", file=sys.stderr)
    raise SystemExit(2) from None
