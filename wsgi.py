"""The application that gunicorn and `flask --app wsgi` load."""

from core.log import configure
from server.start import app_or_exit

configure()
app = app_or_exit()
