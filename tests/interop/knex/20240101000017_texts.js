/* exports.up = is in a comment */ // and so is module.exports = {
const quoted = "it's \"here\" // no comment \u0041 \
on two lines";
const sql = `create function shout(t text) returns text language sql as $$
  select upper(t) || '${'!'.repeat(`${1 + 1}`.length)}' -- ${quoted.length > 3 ? `/* ${'}'} */` : ''}
$$`;
const comment = /^\s*\/\/[/'"`]*$/gm, half = 10 / 2 / 1;

exports.up = async function (knex) {
  const body = '// gone\nkept'.replace(comment, '').trim();
  await knex.raw(sql);
  await knex.schema.createTable('texts', (t) => { t.text('text'); t.integer('half'); });
  await knex('texts').insert({ text: body + quoted.split(/[/]/)[0], half });
};

exports.down = async function (knex) {
  await knex.schema.dropTable('texts');
  await knex.raw(`drop function shout`);
};
