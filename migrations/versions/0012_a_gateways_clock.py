"""How far a gateway's clock is from ours.

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hotspot_day", schema=None) as batch_op:
        batch_op.add_column(sa.Column("clock_ahead_s", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("hotspot_day", schema=None) as batch_op:
        batch_op.drop_column("clock_ahead_s")
