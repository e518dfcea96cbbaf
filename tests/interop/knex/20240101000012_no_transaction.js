exports.config = { transaction: false };

exports.up = function (knex) {
  return knex.raw('create index concurrently if not exists logs_message on logs (message)');
};

exports.down = function (knex) {
  return knex.raw('drop index concurrently if exists logs_message');
};
