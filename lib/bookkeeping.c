#include "bookkeeping.h"

const char *const bookkeeping_tables[] = {
	"_prisma_migrations",
	"_mg_replaced",
	"alembic_version",
	"ar_internal_metadata",
	"atlas_schema_revisions",
	"databasechangelog",
	"databasechangeloglock",
	"__diesel_schema_migrations",
	"django_migrations",
	"__drizzle_migrations",
	"__EFMigrationsHistory",
	"flyway_schema_history",
	"goose_db_version",
	"knex_migrations",
	"knex_migrations_lock",
	"mikro_orm_migrations",
	"pgmigrations",
	"schema_migrations",
	"SequelizeMeta",
	"_sqlx_migrations",
};

const size_t bookkeeping_count =
    sizeof(bookkeeping_tables) / sizeof(*bookkeeping_tables);
