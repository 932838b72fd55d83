"""Players of other makes: what a screen's player speaks, and what was given to such players to play.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "given_entry",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("entry", sa.String(length=64), nullable=False),
        sa.Column("creative_id", sa.String(length=64), nullable=False),
        sa.Column("placement_id", sa.String(length=64), nullable=True),
        sa.Column("duration_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_given_entry")),
        sa.UniqueConstraint("entry", name=op.f("uq_given_entry_entry")),
    )

    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dialect", sa.String(length=16), server_default="own", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.drop_column("dialect")

    op.drop_table("given_entry")
