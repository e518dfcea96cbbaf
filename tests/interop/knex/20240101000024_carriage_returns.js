exports.up = function (knex) {
  return knex.schema.createTable('lines', function (t) {
    t.text('line');
  });
};

exports.down = function (knex) {
  return knex.schema.dropTable('lines');
};
