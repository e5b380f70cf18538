"""What was learned to be normal for each device."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes the new table; an older record has no baselines."""
    op.create_table(
        "baseline",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("device"),
    )
