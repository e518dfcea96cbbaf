const TABLE = 'events';
const up = async (knex) => {
  await knex(TABLE).insert({ kind: 'open', payload: JSON.stringify({ by: 'ada' }) });
};
const down = function (knex) {
  return knex(TABLE).where('kind', 'open').del();
};

module.exports = {
  up: up,
  down: down,
};
