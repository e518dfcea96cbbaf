/**
 * @param { import("knex").Knex } knex
 * @returns { Promise<void> }
 */
exports.up = async function (knex) {
  // What comes first: a column.
  await knex.schema.alterTable('users', (table) => {
    table.string('email'); /* may be null */
  });
  await knex('users').insert([{ name: 'ada', email: 'ada@example.org' }, { name: 'ben' }]);
};

/**
 * @param { import("knex").Knex } knex
 */
exports.down = async function (knex) {
  await knex('users').del();
  await knex.schema.alterTable('users', (table) => {
    table.dropColumn('email');
  });
};
