"""Screens are held against their plan: photographs compared, hours without a reason kept, alerts of both.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "screen_shortfall",
        sa.Column("screen_id", sa.String(length=32), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("played", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["screen_id"], ["screen.id"], name=op.f("fk_screen_shortfall_screen_id")),
        sa.PrimaryKeyConstraint("screen_id", "hour", name=op.f("pk_screen_shortfall")),
    )
    op.create_index("ix_screen_shortfall_hour", "screen_shortfall", ["hour"], unique=False)

    with op.batch_alter_table("fleet_alert", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(length=16), server_default="silent", nullable=False))

    with op.batch_alter_table("screenshot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("verdict", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("evidence", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("screenshot", schema=None) as batch_op:
        batch_op.drop_column("evidence")
        batch_op.drop_column("verdict")

    with op.batch_alter_table("fleet_alert", schema=None) as batch_op:
        batch_op.drop_column("subject")

    op.drop_index("ix_screen_shortfall_hour", "screen_shortfall")

    op.drop_table("screen_shortfall")
