function up(knex) {
  return knex.schema.createTable('mixed', function (t) {
    t.uuid('id').primary();
    t.specificType('tags', 'text[]');
  });
}

module.exports = {
  up, // as above
  down: function (knex) { return knex.schema.dropTable('mixed'); },
  config: { transaction: true }
}
