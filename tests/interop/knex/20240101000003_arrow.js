exports.up = knex => knex.schema.createTable('posts', t => {
  t.increments()
  t.integer('user_id').references('id').inTable('users').onDelete('CASCADE')
  t.text('body')
})

exports.down = knex => knex.schema.dropTable('posts')
