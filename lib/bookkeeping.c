#include "bookkeeping.h"

const char *const bookkeeping_tables[] = {
	"_prisma_migrations",
	"knex_migrations",
	"knex_migrations_lock",
	"SequelizeMeta",
	"__EFMigrationsHistory",
	"__drizzle_migrations",
	"alembic_version",
	"ar_internal_metadata",
	"atlas_schema_revisions",
	"databasechangelog",
	"databasechangeloglock",
	"django_migrations",
	"flyway_schema_history",
	"goose_db_version",
	"pgmigrations",
	"schema_migrations",
};

const size_t bookkeeping_count =
    sizeof(bookkeeping_tables) / sizeof(*bookkeeping_tables);
