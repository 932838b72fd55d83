"""A start that cannot succeed says so in plain lines."""

import sys

from flask import Flask

from core.settings import SettingsError
from server.app import create_app

WRONG_SETTING = 2


def app_or_exit() -> Flask:
    """The application, or one line for each wrong setting and exit status 2."""
    try:
        return create_app()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(WRONG_SETTING)
