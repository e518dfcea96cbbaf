exports.up = function (knex, Promise) {
  return knex.schema.hasTable('settings').then(function (exists) {
    if (!exists) {
      return knex.schema.createTable('settings', function (t) {
        t.string('key').primary();
        t.string('value');
      });
    }
  }).then(() => knex('settings').insert({ key: 'a', value: '1' }))
    .then(() => knex('settings').select())
    .then(rows => {
      return rows.map(row => knex('settings').where('key', row.key).update({ value: row.value + '!' }));
    })
    .then(function (updates) { return updates[0]; })
    .catch(function (err) {
      console.error(err.message);
      throw err;
    });
};

exports.down = function (knex, Promise) {
  return knex.schema.dropTable('settings');
};
