"""The commands that run a part of the server: its jobs, its migrations, what comes before a start."""

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from core.services import Services, services
from portal.queries import hotspots
from server import runner, schema
from server.backup import back_up
from server.demo.load import load


@click.command("jobs")
@with_appcontext
def jobs() -> None:
    """Run the job process until it is told to stop."""
    runner.run(services())


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database up to what this version needs."""
    schema.upgrade(services().settings.database_url)


@click.command("migration")
@click.argument("message")
def migration(message: str) -> None:
    """Write a revision from what the models have changed."""
    click.echo(f"Written, and to be read: {schema.revise(message)}")


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write database, media and secret key into one tar FILE, while the server runs.

    The way back: unpack it into an empty data folder, and start.
    """
    try:
        size = back_up(services(), file)
    except LookupError as reason:
        raise click.ClickException(f"{reason}; the media folder and BANGTIN_SECRET_KEY are copied by hand") from None
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
    click.echo(f"{file}: {size / 1e6:.1f} MB")


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Load the demo, if there is nothing yet."""
    loaded = load(services())
    if loaded is None:
        raise click.ClickException("There is something in this database already; the demo goes into an empty one")
    click.echo(f"The demo's account, shown this once:\n  {loaded.email}\n  {loaded.password}")


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """What `make run` does first: migrate, and the demo in an empty database. Prints JSON for the supervisor."""
    s = services()
    schema.upgrade(s.settings.database_url)
    loaded = load(s) if s.settings.demo else None
    account = {"email": loaded.email, "password": loaded.password} if loaded else {}
    click.echo(json.dumps({"splash": splash(s), **account}))


def splash(s: Services) -> str | None:
    """The path of a splash page to look at: the first hotspot's."""
    with s.db.read() as session:
        found = hotspots(session)
    return f"/wifi/{found[0][0].code}" if found else None
