// knex-run.mjs - run a migration that exports up(knex), or take it back
//
// usage: node knex-run.mjs FILE [down]
//
// mg-apply and mg-undo run this, with libpq's variables leading to the
// database.  knex and pg are the project's own: those that FILE finds, or else
// the current folder.  All of it is one transaction, unless the migration
// exports config = { transaction: false }.  What exports no up has done its
// work by being loaded, and so has a file of its own for the way down that
// exports nothing; else what exports no down cannot be taken back.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , path, way = 'up'] = process.argv;
const file = resolve(path);
// It looks as if it were what was started.
process.argv.splice(1, 3, path);

const loaded = await import(pathToFileURL(file).href);
const migration = loaded[way] ? loaded : loaded.default ?? loaded;
if (typeof migration[way] === 'function') await run(migration);
else if (way !== 'up' && !isDone()) throw new Error(`${path} exports no ${way}`);

function isDone() {
	const exported = Object.keys(loaded).length > 0;
	return !exported && basename(file).startsWith('down.');
}

async function run(migration) {
	const knex = (await find('knex'))({
		client: 'pg',
		connection: { ssl: await findSsl() },
		pool: { min: 0, max: 2 },
	});
	try {
		if (migration.config?.transaction === false)
			await migration[way](knex);
		else await knex.transaction((trx) => migration[way](trx));
	} finally {
		await knex.destroy();
	}
}

async function find(name) {
	for (const from of [file, resolve('index.js')]) {
		try {
			return createRequire(from)(name);
		} catch (error) {
			if (error.code !== 'MODULE_NOT_FOUND') throw error;
		}
	}
	throw new Error(`the project has no ${name}; npm install knex pg`);
}

// As libpq does: node-postgres has no word for "encrypted, if you can".
async function findSsl() {
	const { PGHOST = '', PGSSLMODE: mode = 'prefer' } = process.env;
	delete process.env.PGSSLMODE;
	if (PGHOST.startsWith('/') || ['disable', 'allow'].includes(mode))
		return false;
	const ssl = { rejectUnauthorized: mode.startsWith('verify-') };
	if (mode === 'verify-ca') ssl.checkServerIdentity = () => undefined;
	for (const [option, variable] of [
		['ca', 'PGSSLROOTCERT'],
		['cert', 'PGSSLCERT'],
		['key', 'PGSSLKEY'],
	])
		if (process.env[variable])
			ssl[option] = readFileSync(process.env[variable]);
	return mode === 'prefer' && !(await offersSsl(ssl)) ? false : ssl;
}

async function offersSsl(ssl) {
	const client = new (await find('pg')).Client({ ssl });
	try {
		await client.connect();
		return true;
	} catch {
		return false;
	} finally {
		await client.end().catch(() => {});
	}
}
