"""What every room's doors and jobs are handed."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from core.clock import Clock
from core.db import Database
from core.limits import Limits
from core.security import Sealer
from core.settings import Settings
from core.snapshot import Generation

_KEY = "bangtin"


@dataclass(frozen=True)
class Services:
    settings: Settings
    clock: Clock
    db: Database
    sealer: Sealer
    limits: Limits
    generation: Generation


def make_services(settings: Settings, clock: Clock | None = None) -> Services:
    """The services of one process."""
    clock = clock or Clock()
    return Services(
        settings=settings,
        clock=clock,
        db=Database(settings.database_url),
        sealer=Sealer(settings.secret_key),
        limits=Limits(clock.mono),
        generation=Generation(),
    )


def attach(app: Flask, services: Services) -> None:
    """Makes ``services()`` work within this app's contexts."""
    app.extensions[_KEY] = services


def services() -> Services:
    """The services of the app that is serving."""
    return services_of(current_app)


def services_of(app: Flask) -> Services:
    """The services of this app."""
    return cast(Services, app.extensions[_KEY])
