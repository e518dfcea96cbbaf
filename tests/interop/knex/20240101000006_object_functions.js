module.exports = {
  // up
  up: function (knex) {
    return knex.schema.table('posts', function (table) {
      table.index(['user_id', 'body'], 'posts_user_body');
    });
  },

  // down
  down: function (knex) {
    return knex.schema.table('posts', function (table) {
      table.dropIndex(['user_id', 'body'], 'posts_user_body');
    });
  },
};
