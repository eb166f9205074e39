"""What became of a message of an unknown sender."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("strays", sa.Column("outcome", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("strays", "outcome")
