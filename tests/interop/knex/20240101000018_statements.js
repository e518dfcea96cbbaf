module.exports.up = async (knex) => {
  let count = 0, last;
  for (let i = 0; i < 3; i++) {
    switch (i % 2) {
      case 0:
        last = i;
        break;
      default:
        count += i;
    }
  }
  do { count--; } while (count > 0);
  try {
    await knex.schema.createTable('counts', (table) => { table.integer('n'); });
    try { throw 1; } catch { count = 7; }
    try { throw new Error('no'); } catch (error) { last = error.message; } finally { count *= 2; }
    await knex('counts').insert({ n: count + (last === 'no' ? 1 : 0) });
  } catch (e) {
    console.error(`failed: ${e.message}`);
    throw e;
  }
  label: for (const a in { x: 1 }) { for (;;) { if (a) break label; } }
};
module.exports.down = async (knex) => knex.schema.dropTable('counts');
