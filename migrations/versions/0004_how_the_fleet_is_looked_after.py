"""Printed keys, silences, alerts and their notices.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fleet_alert",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("area_code", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("told_count", sa.Integer(), nullable=False),
        sa.Column("recovered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_fleet_alert_area_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fleet_alert")),
    )
    op.create_index("ix_fleet_alert_open", "fleet_alert", ["recovered_at", "area_code"], unique=False)
    op.create_table(
        "alert_notice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("alert_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("target", sa.String(length=500), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["fleet_alert.id"], name=op.f("fk_alert_notice_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_notice")),
    )
    op.create_index(op.f("ix_alert_notice_alert_id"), "alert_notice", ["alert_id"], unique=False)
    op.create_index("ix_alert_notice_due", "alert_notice", ["next_at"], unique=False)
    op.create_table(
        "one_time_key",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("screen_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["screen_id"], ["screen.id"], name=op.f("fk_one_time_key_screen_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_one_time_key")),
    )
    op.create_index(op.f("ix_one_time_key_screen_id"), "one_time_key", ["screen_id"], unique=False)
    op.create_table(
        "screen_silence",
        sa.Column("screen_id", sa.String(length=32), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["screen_id"], ["screen.id"], name=op.f("fk_screen_silence_screen_id")),
        sa.PrimaryKeyConstraint("screen_id", "start", name=op.f("pk_screen_silence")),
    )


def downgrade() -> None:
    op.drop_table("screen_silence")
    op.drop_table("one_time_key")
    op.drop_table("alert_notice")
    op.drop_table("fleet_alert")
