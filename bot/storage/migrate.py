"""Bring a database to the present schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect


class NewerDatabase(Exception):
    """The database was written by a later version of Relance."""


class ForeignDatabase(Exception):
    """The file holds tables of another program."""


def migrate(connection: Connection) -> None:
    """Run the migrations that are missing; raises NewerDatabase or ForeignDatabase before anything is written."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_revision()
    if present == scripts.get_current_head():
        return
    if present is None and inspect(connection).get_table_names():
        raise ForeignDatabase
    if present is not None and present not in {script.revision for script in scripts.walk_revisions()}:
        raise NewerDatabase(present)
    command.upgrade(config, "head")
