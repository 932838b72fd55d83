"""Screens confirm that they show a takeover.

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
        "takeover_shown",
        sa.Column("takeover_id", sa.String(length=64), nullable=False),
        sa.Column("screen_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["screen_id"], ["screen.id"], name=op.f("fk_takeover_shown_screen_id")),
        sa.ForeignKeyConstraint(["takeover_id"], ["takeover.id"], name=op.f("fk_takeover_shown_takeover_id")),
        sa.PrimaryKeyConstraint("takeover_id", "screen_id", name=op.f("pk_takeover_shown")),
    )


def downgrade() -> None:
    op.drop_table("takeover_shown")
