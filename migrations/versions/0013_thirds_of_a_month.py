"""Counts of thirds of a month, made of those of the days.

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COUNTED = (
    "plays",
    "splash_views",
    "grants",
    "splash_stores",
    "scans",
    "scan_stores",
    "landings",
    "landing_stores",
    "shared_scans",
    "shared_stores",
    "machines",
    "floods",
    "late",
)
# The first day of the third (from the 1st, 11th and 21st) that a day lies in; SQLite keeps dates as text.
BEGINS = {
    "sqlite": "substr(local_date, 1, 8) || CASE WHEN substr(local_date, 9) < '11' THEN '01'"
    " WHEN substr(local_date, 9) < '21' THEN '11' ELSE '21' END",
    "postgresql": "CAST(date_trunc('month', local_date) AS date)"
    " + 10 * least(CAST(extract(day FROM local_date) - 1 AS integer) / 10, 2)",
}


def upgrade() -> None:
    op.create_table(
        "dekad_count",
        sa.Column("dekad", sa.Date(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        *(sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False) for name in COUNTED),
        sa.PrimaryKeyConstraint("dekad", "location", "campaign", "area_path", name=op.f("pk_dekad_count")),
        sqlite_with_rowid=False,
    )
    begins = BEGINS[op.get_bind().dialect.name]
    sums = ", ".join(f"sum({name})" for name in COUNTED)
    op.execute(
        f"INSERT INTO dekad_count (dekad, location, campaign, area_path, {', '.join(COUNTED)})"
        f" SELECT {begins}, location, campaign, area_path, {sums} FROM day_count GROUP BY 1, 2, 3, 4"
    )


def downgrade() -> None:
    op.drop_table("dekad_count")
