"""A hotspot's day counts the calls to its controller that failed.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hotspot_day", schema=None) as batch_op:
        batch_op.add_column(sa.Column("failed_calls", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("hotspot_day", schema=None) as batch_op:
        batch_op.alter_column("failed_calls", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("hotspot_day", schema=None) as batch_op:
        batch_op.drop_column("failed_calls")
