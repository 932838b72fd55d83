"""The commands that run a part of the server: its jobs, its migrations, what comes before a start."""

import json

import click
from flask.cli import with_appcontext

from core.services import services
from server import runner, schema


@click.command("jobs")
@with_appcontext
def jobs() -> None:
    """Run the job process until it is told to stop."""
    runner.run(services())


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database up to what this version needs."""
    schema.upgrade(services().settings)


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """What `make run` does first: migrate, and the demo in an empty database. Prints JSON for the supervisor."""
    schema.upgrade(services().settings)
    click.echo(json.dumps({}))
