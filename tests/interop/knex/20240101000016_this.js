exports.up = function (knex) {
  return knex.schema.createTable('places', function () {
    this.increments('id');
    this.string('city');
  }).then(function () {
    return knex('places').insert([{ city: 'Bonn' }, { city: 'Rome' }]);
  }).then(function () {
    return knex('places').where(function () {
      const names = ['Bonn'];
      names.forEach(name => this.orWhere('city', name));
    }).update('city', 'Köln');
  });
};

exports.down = function (knex) {
  return knex.schema.dropTable('places');
};
