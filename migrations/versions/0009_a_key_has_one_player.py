"""A key has one player: the first that came with it, where players of a dialect call themselves something.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("screen_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("player", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("screen_key", schema=None) as batch_op:
        batch_op.drop_column("player")
