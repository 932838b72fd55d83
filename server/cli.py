"""The commands of `flask --app wsgi`."""

import sys
from collections.abc import Callable
from typing import BinaryIO

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from core.errors import Problem
from core.paths import ROOT
from core.services import services
from people import actions as people
from people.passwords import hash_password, weakness
from people.roles import ROLES, SYSTEM, Grant
from places import queries as places
from reports.proof import fingerprint, verify_pack
from server.processes import backup, demo, jobs, migrate, migration, prepare

ROLE = click.Choice(ROLES)


def install(app: Flask) -> None:
    """Adds the commands to the application."""
    for command in (user, api_key, backup, demo, jobs, migrate, migration, prepare, verify):
        app.cli.add_command(command)


@click.group()
def user() -> None:
    """Accounts of the console."""


@user.command("create")
@click.argument("email")
@click.option("--role", type=ROLE, required=True, help="what the account may do")
@click.option("--area", metavar="CODE", help="in this area and below it; everywhere if left out")
@click.option("--name", default="", help="as the console shows it")
@with_appcontext
def create_user(email: str, role: str, area: str | None, name: str) -> None:
    """Makes an account. Asks for the password, or reads it from standard input."""
    s = services()
    password = _password()
    if weak := weakness(password, about=email):
        raise click.ClickException(f"The password {weak}")
    hashed = hash_password(password)

    def work(session: Session) -> str:
        grants = [Grant(role, _path(session, area))]
        made = people.create_user(
            session, email=email, name=name, grants=grants, by=SYSTEM, now=s.clock.now(), password_hash=hashed
        )
        return made.email

    click.echo(f"{_done(work)} is {role} of {area or 'everything'}", err=True)


@click.group("api-key")
def api_key() -> None:
    """Keys of the management API."""


@api_key.command("create")
@click.argument("name")
@click.option("--role", type=ROLE, required=True, help="what the key may do")
@click.option("--area", metavar="CODE", help="in this area and below it; everywhere if left out")
@with_appcontext
def create_api_key(name: str, role: str, area: str | None) -> None:
    """Makes a key and prints it, once, and nothing else, on standard output."""
    s = services()

    def work(session: Session) -> str:
        path = _path(session, area)
        return people.create_key(session, name=name, role=role, area_path=path, by=SYSTEM, now=s.clock.now())[1]

    click.echo(_done(work))


def _password() -> str:
    """Typed twice at a terminal; else the first line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _path(session: Session, area: str | None) -> str:
    if area is None:
        return ROOT
    found = places.area(session, area)
    if found is None:
        raise click.ClickException(f"There is no area {area!r}")
    return found.path


def _done(work: Callable[[Session], str]) -> str:
    """Runs `work` in one transaction; a refusal becomes one line on standard error and exit code 1."""
    try:
        return services().db.write(work)
    except Problem as problem:
        raise click.ClickException(problem.detail or problem.title) from None


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--key", metavar="BASE64", help="the public key that has to have signed it; else the one it names")
def verify(file: BinaryIO, key: str | None) -> None:
    """Checks a proof pack by itself, without the database: every row, every file, the signature."""
    manifest, wrong = verify_pack(file, key)
    if manifest is not None:
        for each in manifest.files:
            click.echo(f"{each.name}: {each.rows} rows, sha256 {each.sha256}")
        click.echo(f"signed {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC, key {fingerprint(manifest.public_key)}")
    if wrong:
        raise click.ClickException("; ".join(wrong))
    click.echo("all of it is as it was signed")
