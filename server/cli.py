"""`flask --app wsgi …`: what is done from a terminal."""

import click
from flask.cli import with_appcontext

from core.services import services
from server import runner


@click.command("jobs")
@with_appcontext
def jobs() -> None:
    """Run the job process until it is told to stop."""
    runner.run(services())


COMMANDS: list[click.Command] = [jobs]
