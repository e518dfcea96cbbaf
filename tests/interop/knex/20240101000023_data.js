const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const wanted = new Set();
const cache = new Map();

exports.up = async function up(knex) {
  await knex.schema.createTable('copies', (t) => { t.string('name'); t.integer('length'); });
  wanted.add('ada');
  let after = 0;
  while (true) {
    const rows = await knex('users').where('id', '>', after).orderBy('id').limit(1);
    if (!rows.length) break;
    for (const { id, name } of rows) {
      after = id;
      if (!wanted.has(name)) continue;
      cache.set(name, name.length);
      await knex('copies').insert({ name, length: cache.get(name) ?? 0 });
    }
    await wait(1);
  }
  const result = await knex.raw('select name from copies');
  result.rows.map((r) => r.name).filter(Boolean).forEach((n) => { if (n?.length < 1) throw new Error(n); });
};

exports.down = async function down(knex) {
  await knex.schema.dropTable('copies');
};
