module.exports = {
  up: async (knex) => {
    await knex.raw('create index concurrently posts_body on posts (body)');
  },
  down: knex => knex.raw('drop index concurrently posts_body'),
  config: { transaction: false },
};
