"""What people say of devices: edits, tags, questions; versions found; facts of devices apart from what is searched."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from cordon.store.device_rows import likeness_of

revision = "0002"
down_revision = "0001"

WORDS = ("location", "owner", "zone", "purpose", "criticality", "likeness", "told", "heard")
AT_ONCE = 1000


def upgrade() -> None:
    """Makes the new tables, and takes the facts of devices out of the table that is searched."""
    _new_tables()
    connection = op.get_bind()
    connection.execute(sa.text("insert into device_fact (id, fact) select id, fact from device"))
    with op.batch_alter_table("device") as batch_op:
        batch_op.drop_column("fact")
        for name in WORDS:
            kind = sa.String(length=64) if name == "likeness" else sa.Text()
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=""))
        batch_op.add_column(sa.Column("known", sa.String(length=8), nullable=False, server_default="seen"))
    with op.batch_alter_table("device") as batch_op:
        for name in ("kind", "segment", "vendor"):
            batch_op.drop_index(f"ix_device_{name}")
        for name in ("known", "likeness"):
            batch_op.create_index(batch_op.f(f"ix_device_{name}"), [name], unique=False)
        for name in ("segment", "vendor", "kind", "location", "owner", "zone"):
            batch_op.create_index(f"device_{name}", [name, "known"], unique=False)
    with op.batch_alter_table("standing") as batch_op:
        batch_op.create_index("standing_score", ["score"], unique=False)
    _tighten(connection)
    _take_over(connection)


def _new_tables() -> None:
    op.create_table(
        "device_fact",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "tag",
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("tag", "device"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_tag_device"), "tag", ["device"])
    op.create_table(
        "edit",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("edit_said", "edit", ["device", "field", "value", "time", "who"], unique=True)
    op.create_table(
        "version",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("device", "field", "time"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "question",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("like", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("answered", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("device", "field", "value"),
    )
    op.create_index("question_open", "question", ["answer"])
    op.create_index("question_like", "question", ["like"])


def _tighten(connection: sa.Connection) -> None:
    """Keeps the hours of devices by their key alone: half as much on disk, and one tree to write to."""
    counts = ("hour", "bytes_out", "bytes_in", "flows", "low", "high")
    op.create_table(
        "rhythm_tight",
        sa.Column("device", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in counts),
        sa.Column("departed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("device", "hour"),
        sqlite_with_rowid=False,
    )
    names = ", ".join(("device", *counts, "departed"))
    connection.execute(sa.text(f"insert into rhythm_tight ({names}) select {names} from rhythm"))  # noqa: S608  # ours
    op.drop_table("rhythm")
    op.rename_table("rhythm_tight", "rhythm")


def _take_over(connection: sa.Connection) -> None:
    """What the facts that are there say of versions, of likeness, and of devices that were joined with others."""
    facts = connection.execute(sa.text("select id, fact from device_fact order by id"))
    while rows := facts.fetchmany(AT_ONCE):
        told = [(id_, json.loads(text)) for id_, text in rows]
        versions = [
            {"device": id_, "field": name, "time": fact["time"], "value": fact[name]["value"]}
            for id_, fact in told
            for name in ("model", "os", "firmware")
            if fact[name]["value"]
        ]
        if versions:
            insert = "insert into version (device, field, time, value) values (:device, :field, :time, :value)"
            connection.execute(sa.text(insert), versions)
        looks = [
            {
                "device": id_,
                "likeness": likeness_of(
                    fact["macs"],
                    ((piece["source"], piece["says"]) for piece in _evidence(fact)),
                ),
                "known": "seen" if fact["macs"] or fact["ips"] else "gone",
            }
            for id_, fact in told
        ]
        connection.execute(sa.text("update device set likeness = :likeness, known = :known where id = :device"), looks)


def _evidence(fact: dict[str, Any]) -> list[dict[str, str]]:
    return [piece for name in ("vendor", "kind", "model", "os", "firmware") for piece in fact[name].get("evidence", ())]
