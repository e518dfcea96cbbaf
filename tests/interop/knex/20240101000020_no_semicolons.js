const table = 'bare'
let columns = []
var seen = null

exports.up = async knex => {
  columns.push('a')
  columns = [...columns, 'b']
  seen = { [table]: columns }
  await knex.schema.createTable(table, t => {
    columns.forEach(c => t.integer(c))
  })
  await knex(table).insert({ a: Object.keys(seen).length, b: seen[table].length })
}

exports.down = async knex => {
  await knex.schema.dropTable(table)
}
