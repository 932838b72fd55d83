"""Times for which a crash may have lost views.

Revision 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "view_gap",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view_gap")),
    )
    op.create_index(op.f("ix_view_gap_until"), "view_gap", ["until"])


def downgrade() -> None:
    op.drop_index(op.f("ix_view_gap_until"), table_name="view_gap")
    op.drop_table("view_gap")
