"""reports of the day, uniques.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "daily_salt",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_salt")),
    )
    op.create_table(
        "day_report",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_report")),
        sa.UniqueConstraint("area", "day", "kind", name=op.f("uq_day_report_area_day_kind")),
    )
    with op.batch_alter_table("day_report", schema=None) as batch_op:
        batch_op.create_index("ix_day_report_day", ["day"], unique=False)

    op.create_table(
        "installs",
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("total", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("area", "day", "who", name=op.f("pk_installs")),
    )
    op.create_table(
        "report_delivery",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_delivery")),
        sa.UniqueConstraint("report", "channel", "target", name=op.f("uq_report_delivery_report_channel_target")),
    )
    op.create_table(
        "report_reminder",
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("area", "day", name=op.f("pk_report_reminder")),
    )
    op.create_table(
        "sketch",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("registers", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", "location", "kind", name=op.f("pk_sketch")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sketch_register",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("register", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "location", "kind", "register", name=op.f("pk_sketch_register")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "unit_note",
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("by_hand", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("area", "day", name=op.f("pk_unit_note")),
    )
    # Scans that are there belong to days that are over.
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("local_date", sa.Date(), nullable=False, server_default="2026-01-01"))
        batch_op.add_column(sa.Column("register", sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column("rank", sa.SmallInteger(), nullable=True))
        batch_op.create_index("ix_scan_local_date", ["local_date"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_local_date")
        batch_op.drop_column("rank")
        batch_op.drop_column("register")
        batch_op.drop_column("local_date")

    op.drop_table("unit_note")
    op.drop_table("sketch_register")
    op.drop_table("sketch")
    op.drop_table("report_reminder")
    op.drop_table("report_delivery")
    op.drop_table("installs")
    with op.batch_alter_table("day_report", schema=None) as batch_op:
        batch_op.drop_index("ix_day_report_day")

    op.drop_table("day_report")
    op.drop_table("daily_salt")
