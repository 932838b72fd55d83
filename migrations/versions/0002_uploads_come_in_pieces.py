"""Uploads come in pieces, and the drawing of a creative can be stopped.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner_path", sa.String(length=1024), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("length", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("told", sa.String(length=4096), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("asset_id", sa.String(length=40), nullable=True),
        sa.CheckConstraint("length >= 1", name=op.f("ck_upload_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_created_by"), "upload", ["created_by"], unique=False)
    op.create_index(op.f("ix_upload_expires_at"), "upload", ["expires_at"], unique=False)
    op.add_column("creative", sa.Column("progress_pct", sa.Integer(), nullable=True))
    op.add_column("creative", sa.Column("stopped_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("creative", "stopped_at")
    op.drop_column("creative", "progress_pct")
    op.drop_table("upload")
