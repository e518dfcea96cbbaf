// knexfile.cjs - migrations from $KNEX_MIGRATIONS, for the database of
// $DATABASE_URL
module.exports = {
	client: 'pg',
	connection: process.env.DATABASE_URL,
	migrations: { directory: process.env.KNEX_MIGRATIONS },
};
