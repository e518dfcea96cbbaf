'use strict';

async function up(knex) {
  await knex.schema.createTable('tags', function (table) {
    table.string('tag').primary();
  });
}

async function down(knex) {
  await knex.schema.dropTable('tags');
}

module.exports = { up, down };
