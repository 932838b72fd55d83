"""The sketches of different people, and the salts of days that still run."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from core.branches import STAYS
from core.db import Base

_WITHOUT_ROWID = {"sqlite_with_rowid": False}


class DailySalt(Base):
    """The random salt of a local day, destroyed when the day is over; then nothing leads back to anybody."""

    __tablename__ = "daily_salt"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    salt: Mapped[bytes]


class SketchRegister(Base):
    """One register of a day's count of different people at a location (HyperLogLog); holds the highest rank seen."""

    __tablename__ = "sketch_register"
    __table_args__ = _WITHOUT_ROWID

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    location: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    register: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    area_path: Mapped[str] = mapped_column(info=STAYS)
    rank: Mapped[int] = mapped_column(SmallInteger)


class Sketch(Base):
    """The registers of a day that is over, packed; `kind` also says how people were told apart."""

    __tablename__ = "sketch"
    __table_args__ = _WITHOUT_ROWID

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    location: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    area_path: Mapped[str] = mapped_column(info=STAYS)
    registers: Mapped[bytes]
