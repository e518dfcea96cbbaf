const names = ['one', 'two'];
let made;

function addAll(table, list, { nullable, size = 40 } = {}, then = null) {
  made = list.length;
  for (const name of list) {
    const column = table.string(name, size);
    if (!nullable) column.notNullable();
  }
  if (then) then(table);
}

const pairs = (object, keep = () => true) =>
  Object.entries(object).filter(([key, value]) => keep(key) && value != null);

exports.up = async (knex) => {
  await knex.schema.createTable('wide', (table) => {
    addAll(table, names);
    addAll(table, ['three'], { nullable: true }, t => t.integer('four'));
  });
  const row = {};
  pairs({ one: '1', two: '2', three: null }).forEach(([key, value]) => { row[key] = value; });
  row.four = made;
  await knex('wide').insert(row);
};

exports.down = (knex) => knex.schema.dropTable('wide');
