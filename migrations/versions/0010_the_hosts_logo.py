"""The host's logo on a splash.

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hotspot_logo",
        sa.Column("hotspot_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("mime", sa.String(length=80), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["hotspot_code"], ["hotspot.code"], name=op.f("fk_hotspot_logo_hotspot_code")),
        sa.PrimaryKeyConstraint("hotspot_code", "version", name=op.f("pk_hotspot_logo")),
    )
    with op.batch_alter_table("hotspot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("logo_version", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("hotspot", schema=None) as batch_op:
        batch_op.drop_column("logo_version")

    op.drop_table("hotspot_logo")
