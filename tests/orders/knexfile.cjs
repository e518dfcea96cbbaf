// knexfile.cjs - knex's part of the project, in the database of libpq's
// variables
module.exports = {
	client: 'pg',
	connection: {},
	migrations: {
		directory: './knex',
		loadExtensions: ['.ts', '.js', '.cjs', '.mjs'],
	},
};
