"""Runs the revisions of the record on the connection that `cordon.store.record` hands over."""

from alembic import context

from cordon.store.tables import Record

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Record.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
