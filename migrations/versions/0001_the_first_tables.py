"""The first tables.

Revision 0001, after none.
"""

import sqlalchemy as sa
from alembic import op

from people.append_only import statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("area_path", sa.String(length=1024), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "role IN ('viewer', 'editor', 'approver', 'admin', 'auditor')", name=op.f("ck_api_key_role")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_key_prefix")),
    )
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_key_area_path"), ["area_path"], unique=False)

    op.create_table(
        "area",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("parent_code", sa.String(length=64), nullable=True),
        sa.Column("path", sa.String(length=1024), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("population_source", sa.String(length=200), nullable=True),
        sa.Column("population_as_of", sa.Date(), nullable=True),
        sa.Column("smartphone_users", sa.Integer(), nullable=True),
        sa.Column("target_population_pct", sa.Float(), nullable=True),
        sa.Column("target_by", sa.Date(), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("folded", sa.String(length=300), nullable=False),
        sa.Column("sort_key", sa.String(length=480), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("population IS NULL OR population >= 0", name=op.f("ck_area_population")),
        sa.CheckConstraint("smartphone_users IS NULL OR smartphone_users >= 0", name=op.f("ck_area_smartphone_users")),
        sa.ForeignKeyConstraint(["parent_code"], ["area.code"], name=op.f("fk_area_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area")),
        sa.UniqueConstraint("path", name=op.f("uq_area_path")),
    )
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_area_parent_code"), ["parent_code"], unique=False)
        batch_op.create_index("ix_area_sort", ["sort_key", "code"], unique=False)

    op.create_table(
        "asset",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner_path", sa.String(length=1024), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("mime", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("progress_pct", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("master_sha256", sa.String(length=64), nullable=True),
        sa.Column("master_mime", sa.String(length=80), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('image', 'video', 'document')", name=op.f("ck_asset_kind")),
        sa.CheckConstraint("state IN ('processing', 'ready', 'refused', 'retired')", name=op.f("ck_asset_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("owner_path", "sha256", "page", name=op.f("uq_asset_owner_path_sha256_page")),
    )
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asset_sha256"), ["sha256"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_kind", sa.String(length=8), nullable=False),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("area_path", sa.String(length=1024), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_area", ["area_path", "seq"], unique=False)
        batch_op.create_index("ix_audit_entry_ref", ["kind", "ref"], unique=False)

    op.create_table(
        "campaign",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("owner_path", sa.String(length=1024), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("published_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_by", sa.String(length=64), nullable=False),
        sa.Column("submitted_by", sa.String(length=64), nullable=True),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("standing IN ('unpublished', 'live', 'paused', 'ended')", name=op.f("ck_campaign_standing")),
        sa.CheckConstraint("status IN ('draft', 'submitted', 'approved')", name=op.f("ck_campaign_status")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_campaign_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_owner_path"), ["owner_path"], unique=False)

    op.create_table(
        "campaign_destination",
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("android_url", sa.String(), nullable=False),
        sa.Column("ios_url", sa.String(), nullable=False),
        sa.Column("other_url", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", name=op.f("pk_campaign_destination")),
    )
    op.create_table(
        "daily_salt",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_salt")),
    )
    op.create_table(
        "day_count",
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("plays", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("splash_views", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grants", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("splash_stores", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scans", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scan_stores", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("landings", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("landing_stores", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shared_scans", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shared_stores", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("machines", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("floods", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("late", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("local_date", "location", "campaign", "area_path", name=op.f("pk_day_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "day_report",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_report")),
        sa.UniqueConstraint("area", "day", "kind", name=op.f("uq_day_report_area_day_kind")),
    )
    with op.batch_alter_table("day_report", schema=None) as batch_op:
        batch_op.create_index("ix_day_report_day", ["day"], unique=False)

    op.create_table(
        "generation",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_generation")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "hotspot_day",
        sa.Column("hotspot_code", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("splashes", sa.Integer(), nullable=False),
        sa.Column("grants", sa.Integer(), nullable=False),
        sa.Column("refused_targets", sa.Integer(), nullable=False),
        sa.Column("bad_signatures", sa.Integer(), nullable=False),
        sa.Column("forged_visits", sa.Integer(), nullable=False),
        sa.Column("failed_calls", sa.Integer(), nullable=False),
        sa.Column("polls", sa.Integer(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("hotspot_code", "day", name=op.f("pk_hotspot_day")),
    )
    op.create_table(
        "hotspot_terms_accepted",
        sa.Column("hotspot_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hotspot_code", "version", "language", "hour", name=op.f("pk_hotspot_terms_accepted")),
    )
    op.create_table(
        "hourly_count",
        sa.Column("hour", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("slice", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("late", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("hour", "slice", name=op.f("pk_hourly_count")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hourly_count", schema=None) as batch_op:
        batch_op.create_index("ix_hourly_count_slice_hour", ["slice", "hour"], unique=False)

    op.create_table(
        "installs",
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("total", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("area", "day", "who", name=op.f("pk_installs")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("run_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["done_at", "run_at"], unique=False)

    op.create_table(
        "job_run",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "period", name=op.f("pk_job_run")),
    )
    op.create_table(
        "ledger_check",
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("differences", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_ledger_check")),
    )
    op.create_table(
        "link",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("creative", sa.String(), nullable=False),
        sa.Column("measure", sa.SmallInteger(), nullable=False),
        sa.Column("shared_from", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_link")),
        sa.UniqueConstraint(
            "campaign", "location", "channel", "creative", "measure", "shared_from", name="uq_link_what"
        ),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index("ix_link_location", ["location"], unique=False)

    op.create_table(
        "month_count",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("plays", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("splash_views", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grants", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("splash_stores", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scans", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scan_stores", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("landings", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("landing_stores", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shared_scans", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shared_stores", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("machines", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("floods", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("late", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("month", "location", "campaign", "area_path", name=op.f("pk_month_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "name",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "ref", "since", name=op.f("pk_name")),
    )
    op.create_table(
        "pending_grant",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("hotspot_code", sa.String(length=64), nullable=False),
        sa.Column("queue", sa.String(length=128), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_grant")),
    )
    with op.batch_alter_table("pending_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pending_grant_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_pending_grant_queue", ["hotspot_code", "queue"], unique=False)

    op.create_table(
        "play",
        sa.Column("stream", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("showing", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delay_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("duration_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expected_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended", sa.SmallInteger(), nullable=False),
        sa.Column("display", sa.SmallInteger(), nullable=False),
        sa.Column("sure", sa.SmallInteger(), nullable=False),
        sa.Column("late", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_play")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "play_ack",
        sa.Column("stream", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("screen", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("ack", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("heard_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_play_ack")),
        sa.UniqueConstraint("screen", "epoch", name=op.f("uq_play_ack_screen_epoch")),
    )
    op.create_table(
        "play_gap",
        sa.Column("stream", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "from_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("to_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("after", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("before", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("stream", "from_seq", name=op.f("pk_play_gap")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "publication",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.String(length=130), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("area_path", sa.String(length=1024), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_publication")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publication_at"), ["at"], unique=False)
        batch_op.create_index("ix_publication_what", ["kind", "ref", "seq"], unique=False)

    op.create_table(
        "refused_play",
        sa.Column("stream", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("received", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_refused_play")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "report_delivery",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_delivery")),
        sa.UniqueConstraint("report", "channel", "target", name=op.f("uq_report_delivery_report_channel_target")),
    )
    op.create_table(
        "report_reminder",
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("area", "day", name=op.f("pk_report_reminder")),
    )
    op.create_table(
        "scan",
        sa.Column("opening", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("to_store", sa.SmallInteger(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("register", sa.SmallInteger(), nullable=True),
        sa.Column("rank", sa.SmallInteger(), nullable=True),
        sa.PrimaryKeyConstraint("opening", "stage", name=op.f("pk_scan")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.create_index("ix_scan_at", ["at"], unique=False)
        batch_op.create_index("ix_scan_code_at", ["code", "at"], unique=False)
        batch_op.create_index("ix_scan_local_date", ["local_date"], unique=False)

    op.create_table(
        "showing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("placement", sa.String(), nullable=False),
        sa.Column("creative", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_showing")),
    )
    op.create_table(
        "sketch",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("registers", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", "location", "kind", name=op.f("pk_sketch")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sketch_register",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("register", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "location", "kind", "register", name=op.f("pk_sketch_register")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "slice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("creative", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("placement", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("measure", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slice")),
    )
    with op.batch_alter_table("slice", schema=None) as batch_op:
        batch_op.create_index("ix_slice_location", ["location"], unique=False)

    op.create_table(
        "unit_note",
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("by_hand", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("area", "day", name=op.f("pk_unit_note")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.Column("signed_in_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "visit_event",
        sa.Column("visit", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("area_path", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("hotspot", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("creative", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("visit", "kind", name=op.f("pk_visit_event")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("visit_event", schema=None) as batch_op:
        batch_op.create_index("ix_visit_event_at", ["at"], unique=False)

    op.create_table(
        "wanted_geometry",
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("geometry", sa.String(length=40), nullable=False),
        sa.Column("pitch_mm", sa.Double(), nullable=False),
        sa.Column("distance_m", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("width", "height", "geometry", name=op.f("pk_wanted_geometry")),
    )
    op.create_table(
        "wanted_shape",
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("width", "height", name=op.f("pk_wanted_shape")),
    )
    op.create_table(
        "creative",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner_path", sa.String(length=1024), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("asset_id", sa.String(length=40), nullable=True),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("fit", sa.String(length=16), nullable=False),
        sa.Column("focal_x", sa.Double(), nullable=False),
        sa.Column("focal_y", sa.Double(), nullable=False),
        sa.Column("background", sa.String(length=7), nullable=False),
        sa.Column("qr_corner", sa.String(length=16), nullable=True),
        sa.Column("qr_width_pct", sa.Double(), nullable=True),
        sa.Column("design", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("duration_ms >= 1000", name=op.f("ck_creative_duration")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_creative_asset_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_creative")),
    )
    with op.batch_alter_table("creative", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_creative_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_creative_owner_path"), ["owner_path"], unique=False)

    op.create_table(
        "location",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("area_code", sa.String(length=64), nullable=False),
        sa.Column("area_path", sa.String(length=1024), nullable=False),
        sa.Column("venue_kind", sa.String(length=40), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("viewing_distance_m", sa.Float(), nullable=True),
        sa.Column("audience_multiplier", sa.Float(), nullable=False),
        sa.Column("audience_source", sa.String(length=200), nullable=True),
        sa.Column("operating_hours", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("folded", sa.String(length=300), nullable=False),
        sa.Column("sort_key", sa.String(length=480), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("audience_multiplier >= 0", name=op.f("ck_location_audience_multiplier")),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_location_area_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_location")),
    )
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_location_area_code"), ["area_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_location_area_path"), ["area_path"], unique=False)
        batch_op.create_index("ix_location_sort", ["sort_key", "code"], unique=False)

    op.create_table(
        "one_time_link",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("purpose IN ('invite', 'reset')", name=op.f("ck_one_time_link_purpose")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_one_time_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "placement",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", sa.String(length=64), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("dayparts", sa.Text(), nullable=False),
        sa.Column("on_holidays", sa.String(length=8), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("priority", sa.String(length=16), nullable=False),
        sa.Column("max_plays_per_hour", sa.Integer(), nullable=True),
        sa.Column("variants", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("priority IN ('filler', 'normal', 'important')", name=op.f("ck_placement_priority")),
        sa.CheckConstraint("max_plays_per_hour >= 1", name=op.f("ck_placement_max_plays_per_hour")),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f("ck_placement_weight")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_placement_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "user_grant",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("area_path", sa.String(length=1024), nullable=False),
        sa.CheckConstraint(
            "role IN ('viewer', 'editor', 'approver', 'admin', 'auditor')", name=op.f("ck_user_grant_role")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_grant_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", "area_path", name=op.f("pk_user_grant")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_seen_at"), ["seen_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_user_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "hotspot",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("location_code", sa.String(length=64), nullable=False),
        sa.Column("dialect", sa.String(length=32), nullable=False),
        sa.Column("grant_base", sa.String(length=255), nullable=True),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("secrets", sa.Text(), nullable=True),
        sa.Column("session_minutes", sa.Integer(), nullable=True),
        sa.Column("networks", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("terms_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["location_code"], ["location.code"], name=op.f("fk_hotspot_location_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_hotspot")),
    )
    with op.batch_alter_table("hotspot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hotspot_location_code"), ["location_code"], unique=False)

    op.create_table(
        "placement_creative",
        sa.Column("placement_id", sa.String(length=64), nullable=False),
        sa.Column("creative_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["creative_id"], ["creative.id"], name=op.f("fk_placement_creative_creative_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_placement_creative_placement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("placement_id", "creative_id", name=op.f("pk_placement_creative")),
    )
    op.create_table(
        "rendition",
        sa.Column("creative_id", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("design", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mime", sa.String(length=80), nullable=False),
        sa.Column("qr_x", sa.Integer(), nullable=True),
        sa.Column("qr_y", sa.Integer(), nullable=True),
        sa.Column("qr_width", sa.Integer(), nullable=True),
        sa.Column("contrast", sa.Double(), nullable=False),
        sa.Column("cut", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["creative_id"], ["creative.id"], name=op.f("fk_rendition_creative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("creative_id", "language", "width", "height", name=op.f("pk_rendition")),
    )
    with op.batch_alter_table("rendition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rendition_sha256"), ["sha256"], unique=False)
        batch_op.create_index("ix_rendition_shape", ["width", "height"], unique=False)

    op.create_table(
        "scan_verdict",
        sa.Column("creative_id", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("geometry", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("grade", sa.String(length=2), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=True),
        sa.Column("judged_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("verdict IN ('passed', 'warned', 'refused', 'none')", name=op.f("ck_scan_verdict_verdict")),
        sa.ForeignKeyConstraint(
            ["creative_id"], ["creative.id"], name=op.f("fk_scan_verdict_creative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("creative_id", "language", "width", "height", "geometry", name=op.f("pk_scan_verdict")),
    )
    op.create_table(
        "screen",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("location_code", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("pixel_pitch_mm", sa.Double(), nullable=True),
        sa.Column("testing", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("height BETWEEN 16 AND 16384", name=op.f("ck_screen_height")),
        sa.CheckConstraint("width BETWEEN 16 AND 16384", name=op.f("ck_screen_width")),
        sa.ForeignKeyConstraint(["location_code"], ["location.code"], name=op.f("fk_screen_location_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen")),
    )
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.create_index("ix_screen_changed", ["changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_screen_location_code"), ["location_code"], unique=False)

    op.create_table(
        "splash_picture",
        sa.Column("creative_id", sa.String(length=40), nullable=False),
        sa.Column("design", sa.Integer(), nullable=False),
        sa.Column("mime", sa.String(length=80), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(data) <= 6144", name=op.f("ck_splash_picture_small")),
        sa.ForeignKeyConstraint(
            ["creative_id"], ["creative.id"], name=op.f("fk_splash_picture_creative_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("creative_id", name=op.f("pk_splash_picture")),
    )
    op.create_table(
        "takeover",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("creative_id", sa.String(length=40), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("owner_path", sa.String(length=1024), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_by_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_takeover_period")),
        sa.ForeignKeyConstraint(
            ["creative_id"], ["creative.id"], name=op.f("fk_takeover_creative_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takeover")),
    )
    with op.batch_alter_table("takeover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_takeover_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "enrolment",
        sa.Column("device_digest", sa.String(length=64), nullable=False),
        sa.Column("user_code", sa.String(length=8), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("wait_s", sa.Integer(), nullable=False),
        sa.Column("screen_id", sa.String(length=32), nullable=True),
        sa.Column("denied_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["screen_id"], ["screen.id"], name=op.f("fk_enrolment_screen_id")),
        sa.PrimaryKeyConstraint("device_digest", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("user_code", name=op.f("uq_enrolment_user_code")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "hotspot_terms",
        sa.Column("hotspot_code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["hotspot_code"], ["hotspot.code"], name=op.f("fk_hotspot_terms_hotspot_code")),
        sa.PrimaryKeyConstraint("hotspot_code", "version", name=op.f("pk_hotspot_terms")),
    )
    op.create_table(
        "screen_command",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("screen_id", sa.String(length=32), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("ok", sa.Boolean(), nullable=True),
        sa.Column("detail", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["screen_id"], ["screen.id"], name=op.f("fk_screen_command_screen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen_command")),
    )
    with op.batch_alter_table("screen_command", schema=None) as batch_op:
        batch_op.create_index("ix_screen_command_open", ["screen_id", "done_at"], unique=False)

    op.create_table(
        "screen_key",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("screen_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["screen_id"], ["screen.id"], name=op.f("fk_screen_key_screen_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_screen_key")),
    )
    with op.batch_alter_table("screen_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screen_key_screen_id"), ["screen_id"], unique=False)

    op.create_table(
        "screen_seen",
        sa.Column("screen_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["screen_id"], ["screen.id"], name=op.f("fk_screen_seen_screen_id")),
        sa.PrimaryKeyConstraint("screen_id", name=op.f("pk_screen_seen")),
    )
    op.create_table(
        "screen_status",
        sa.Column("screen_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.String(length=64), nullable=True),
        sa.Column("takeover_shown", sa.String(length=64), nullable=True),
        sa.Column("display", sa.String(length=8), nullable=False),
        sa.Column("storage", sa.Text(), nullable=True),
        sa.Column("media", sa.Text(), nullable=True),
        sa.Column("player", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["screen_id"], ["screen.id"], name=op.f("fk_screen_status_screen_id")),
        sa.PrimaryKeyConstraint("screen_id", name=op.f("pk_screen_status")),
    )
    op.create_table(
        "screen_trouble",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("screen_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["screen_id"], ["screen.id"], name=op.f("fk_screen_trouble_screen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen_trouble")),
    )
    with op.batch_alter_table("screen_trouble", schema=None) as batch_op:
        batch_op.create_index("ix_screen_trouble_screen", ["screen_id", "at"], unique=False)

    op.create_table(
        "screenshot",
        sa.Column("screen_id", sa.String(length=32), nullable=False),
        sa.Column("command_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["screen_id"], ["screen.id"], name=op.f("fk_screenshot_screen_id")),
        sa.PrimaryKeyConstraint("screen_id", name=op.f("pk_screenshot")),
    )
    for statement in statements("audit_entry", op.get_bind().dialect.name):  # it grows and never changes
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_refuse() CASCADE")
    op.drop_table("screenshot")
    with op.batch_alter_table("screen_trouble", schema=None) as batch_op:
        batch_op.drop_index("ix_screen_trouble_screen")

    op.drop_table("screen_trouble")
    op.drop_table("screen_status")
    op.drop_table("screen_seen")
    with op.batch_alter_table("screen_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_screen_key_screen_id"))

    op.drop_table("screen_key")
    with op.batch_alter_table("screen_command", schema=None) as batch_op:
        batch_op.drop_index("ix_screen_command_open")

    op.drop_table("screen_command")
    op.drop_table("hotspot_terms")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolment_expires_at"))

    op.drop_table("enrolment")
    with op.batch_alter_table("takeover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_takeover_ends_at"))

    op.drop_table("takeover")
    op.drop_table("splash_picture")
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_screen_location_code"))
        batch_op.drop_index("ix_screen_changed")

    op.drop_table("screen")
    op.drop_table("scan_verdict")
    with op.batch_alter_table("rendition", schema=None) as batch_op:
        batch_op.drop_index("ix_rendition_shape")
        batch_op.drop_index(batch_op.f("ix_rendition_sha256"))

    op.drop_table("rendition")
    op.drop_table("placement_creative")
    with op.batch_alter_table("hotspot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hotspot_location_code"))

    op.drop_table("hotspot")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_user_id"))
        batch_op.drop_index(batch_op.f("ix_user_session_seen_at"))

    op.drop_table("user_session")
    op.drop_table("user_grant")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_campaign_id"))

    op.drop_table("placement")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_user_id"))

    op.drop_table("one_time_link")
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.drop_index("ix_location_sort")
        batch_op.drop_index(batch_op.f("ix_location_area_path"))
        batch_op.drop_index(batch_op.f("ix_location_area_code"))

    op.drop_table("location")
    with op.batch_alter_table("creative", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_creative_owner_path"))
        batch_op.drop_index(batch_op.f("ix_creative_asset_id"))

    op.drop_table("creative")
    op.drop_table("wanted_shape")
    op.drop_table("wanted_geometry")
    with op.batch_alter_table("visit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_event_at")

    op.drop_table("visit_event")
    op.drop_table("user_account")
    op.drop_table("unit_note")
    with op.batch_alter_table("slice", schema=None) as batch_op:
        batch_op.drop_index("ix_slice_location")

    op.drop_table("slice")
    op.drop_table("sketch_register")
    op.drop_table("sketch")
    op.drop_table("showing")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_local_date")
        batch_op.drop_index("ix_scan_code_at")
        batch_op.drop_index("ix_scan_at")

    op.drop_table("scan")
    op.drop_table("report_reminder")
    op.drop_table("report_delivery")
    op.drop_table("refused_play")
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_index("ix_publication_what")
        batch_op.drop_index(batch_op.f("ix_publication_at"))

    op.drop_table("publication")
    op.drop_table("play_gap")
    op.drop_table("play_ack")
    op.drop_table("play")
    with op.batch_alter_table("pending_grant", schema=None) as batch_op:
        batch_op.drop_index("ix_pending_grant_queue")
        batch_op.drop_index(batch_op.f("ix_pending_grant_expires_at"))

    op.drop_table("pending_grant")
    op.drop_table("name")
    op.drop_table("month_count")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index("ix_link_location")

    op.drop_table("link")
    op.drop_table("ledger_check")
    op.drop_table("job_run")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_due")

    op.drop_table("job")
    op.drop_table("installs")
    with op.batch_alter_table("hourly_count", schema=None) as batch_op:
        batch_op.drop_index("ix_hourly_count_slice_hour")

    op.drop_table("hourly_count")
    op.drop_table("hotspot_terms_accepted")
    op.drop_table("hotspot_day")
    op.drop_table("heartbeat")
    op.drop_table("generation")
    with op.batch_alter_table("day_report", schema=None) as batch_op:
        batch_op.drop_index("ix_day_report_day")

    op.drop_table("day_report")
    op.drop_table("day_count")
    op.drop_table("daily_salt")
    op.drop_table("campaign_destination")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_owner_path"))
        batch_op.drop_index(batch_op.f("ix_campaign_created_at"))

    op.drop_table("campaign")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_ref")
        batch_op.drop_index("ix_audit_entry_area")

    op.drop_table("audit_entry")
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_sha256"))

    op.drop_table("asset")
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.drop_index("ix_area_sort")
        batch_op.drop_index(batch_op.f("ix_area_parent_code"))

    op.drop_table("area")
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_key_area_path"))

    op.drop_table("api_key")
