exports.up = up;
exports.down = remove;

function up(knex) {
  return knex.schema.createTable('logs', (t) => { addColumns(t); });
}

function remove(knex) {
  return knex.schema.dropTable('logs');
}

function addColumns(t, name, ...more) {
  t.increments();
  t.string(name || 'message');
  more.forEach(m => t.string(m));
}
