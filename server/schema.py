"""The tables, brought up to what this version needs."""

from core.db import Base, Database
from core.settings import Settings
from server.rooms import load_tables


def upgrade(settings: Settings) -> None:
    """Makes what is missing. Safe to call at every start."""
    load_tables()
    db = Database(settings.database_url)
    try:
        Base.metadata.create_all(db.engine)
    finally:
        db.close()
