exports.up = (knex) => knex.transaction(async (trx) => {
  await trx.schema.createTable('inner', (table) => table.integer('x').comment('`x`'));
  await trx('inner').insert({ x: 1 });
});
exports.down = (knex) => knex.transaction((trx) => trx.schema.dropTable('inner'));
