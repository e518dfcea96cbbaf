module.exports = {
  async up(knex) {
    await knex.raw('create view post_count as select count(*) as n from posts');
  },
  async down(knex) {
    await knex.raw('drop view post_count');
  }
};
