exports.up = async (knex) => {
  const [ada] = await knex('users').where({ name: 'ada' }).select('id');
  await knex('posts').insert({ user_id: ada.id, body: 'It\'s "here"' });
};
exports.down = async (knex) => { await knex('posts').truncate(); };
