module.exports.up = function up(knex) {
  return knex.schema.createTable('events', table => {
    table.bigIncrements('id');
    table.jsonb('payload').defaultTo('{}');
    table.enum('kind', ['open', 'close']).notNullable();
  });
};

module.exports.down = function down(knex) {
  return knex.schema.dropTableIfExists('events');
};
