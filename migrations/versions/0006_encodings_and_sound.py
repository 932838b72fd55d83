"""Renditions in the encodings that players decode, with their measured quality; films that keep their sound.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "encoding",
        sa.Column("creative_id", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("accepts", sa.String(length=80), nullable=False),
        sa.Column("of_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mime", sa.String(length=80), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("judged", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["creative_id"], ["creative.id"], name=op.f("fk_encoding_creative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("creative_id", "language", "width", "height", "accepts", name=op.f("pk_encoding")),
    )
    with op.batch_alter_table("encoding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_encoding_sha256"), ["sha256"], unique=False)
    op.create_table(
        "wanted_encoding",
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("accepts", sa.String(length=80), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("width", "height", "accepts", name=op.f("pk_wanted_encoding")),
    )
    op.add_column("rendition", sa.Column("quality", sa.Integer(), nullable=True))
    op.add_column("rendition", sa.Column("score", sa.Double(), nullable=True))
    op.add_column("rendition", sa.Column("has_sound", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("creative", sa.Column("sound", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("creative", "sound")
    op.drop_column("rendition", "has_sound")
    op.drop_column("rendition", "score")
    op.drop_column("rendition", "quality")
    op.drop_table("wanted_encoding")
    with op.batch_alter_table("encoding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_encoding_sha256"))
    op.drop_table("encoding")
