"""Accounts, sessions, links, keys and the audit log as they are stored. Secrets are kept as digests only."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.branches import FOLLOWS, STAYS
from core.db import Base, Instant, JsonDoc
from people.append_only import forbid_changes
from people.roles import ROLES, Grant

_ROLE_LIST = ", ".join(f"'{role}'" for role in ROLES)


class User(Base):
    """Someone who signs in. Without a password until the invitation is taken up."""

    __tablename__ = "user_account"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    signed_in_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    grant_rows: Mapped[list["GrantRow"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="(GrantRow.area_path, GrantRow.role)"
    )

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The roles this user holds."""
        return tuple(Grant(row.role, row.area_path) for row in self.grant_rows)


class GrantRow(Base):
    """One role of one user over one area path."""

    __tablename__ = "user_grant"
    __table_args__ = (CheckConstraint(f"role IN ({_ROLE_LIST})", name="role"),)

    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    area_path: Mapped[str] = mapped_column(String(1024), primary_key=True, info=FOLLOWS)


class UserSession(Base):
    """One signed-in browser. No address and no agent is kept."""

    __tablename__ = "user_session"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant, index=True)


class OneTimeLink(Base):
    """An invitation, or leave to set a new password; good once, until it expires."""

    __tablename__ = "one_time_link"
    __table_args__ = (CheckConstraint("purpose IN ('invite', 'reset')", name="purpose"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(8))
    made_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class ApiKey(Base):
    """A script's key: found by its prefix, proved by the digest of its secret."""

    __tablename__ = "api_key"
    __table_args__ = (CheckConstraint(f"role IN ({_ROLE_LIST})", name="role"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    area_path: Mapped[str] = mapped_column(String(1024), index=True, info=FOLLOWS)
    made_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The one role the key holds."""
        return (Grant(self.role, self.area_path),)


class AuditEntry(Base):
    """Who did what to which thing, when. Rows are only ever added; each hash covers the one before."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_ref", "kind", "ref"),
        Index("ix_audit_entry_area", "area_path", "seq"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_kind: Mapped[str] = mapped_column(String(8))
    actor_id: Mapped[str] = mapped_column(String(40))
    actor_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    ref: Mapped[str] = mapped_column(String(80))
    area_path: Mapped[str] = mapped_column(String(1024), info=STAYS)
    detail: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


forbid_changes(AuditEntry)
