"""The application with a commit for each request, to measure what sharing them is worth."""

from core import writer
from server.start import app_or_exit

writer.GROUP = 1
app = app_or_exit()
