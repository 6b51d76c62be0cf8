"""Run by Alembic: the migrations on the connection that `gateway.migrations.upgrade` opened, in its one transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
