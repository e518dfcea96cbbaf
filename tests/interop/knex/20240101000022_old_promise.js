exports.up = function(knex, Promise) {
  return Object.assign({}, { run: () => knex.schema.createTable('old', function(t){ t.increments(); }) }).run();
};

exports.down = function(knex, Promise) {
  return knex.schema.dropTable('old');
};
