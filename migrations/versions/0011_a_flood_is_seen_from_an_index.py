"""A flood is seen from an index.

Revision 0011, after 0010.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scan_code_at"))
        batch_op.create_index("ix_scan_code_at_verdict", ["code", "at", "verdict"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_code_at_verdict")
        batch_op.create_index(batch_op.f("ix_scan_code_at"), ["code", "at"], unique=False)
