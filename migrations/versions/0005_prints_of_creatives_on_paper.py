"""Prints of creatives on paper.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "print_order",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("creative_id", sa.String(length=40), nullable=False),
        sa.Column("campaign", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("area_path", sa.String(length=1024), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("paper", sa.String(length=4), nullable=False),
        sa.Column("is_landscape", sa.Boolean(), nullable=False),
        sa.Column("has_bleed", sa.Boolean(), nullable=False),
        sa.Column("has_marks", sa.Boolean(), nullable=False),
        sa.Column("is_merged", sa.Boolean(), nullable=False),
        sa.Column("copies", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.Column("reach_m", sa.Double(), nullable=True),
        sa.Column("picture_dpi", sa.Integer(), nullable=True),
        sa.Column("cut", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("mime", sa.String(length=80), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'printing', 'ready', 'failed')", name=op.f("ck_print_order_state")),
        sa.ForeignKeyConstraint(
            ["creative_id"], ["creative.id"], name=op.f("fk_print_order_creative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_order")),
    )
    with op.batch_alter_table("print_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_order_area_path"), ["area_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_print_order_creative_id"), ["creative_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("print_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_print_order_creative_id"))
        batch_op.drop_index(batch_op.f("ix_print_order_area_path"))

    op.drop_table("print_order")
