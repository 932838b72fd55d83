"""The server's own tables."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant


class Heartbeat(Base):
    """When a process last said that it lives."""

    __tablename__ = "heartbeat"

    process: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
