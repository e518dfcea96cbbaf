const apply = async function (knex) {
  await knex.schema.renameTable('counts', 'numbers');
}
async function revert(knex) {
  await knex.schema.renameTable('numbers', 'counts');
}
module.exports = { up: apply, /* the way back */ down: revert }
