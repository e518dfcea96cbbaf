exports.up = async function ({ schema, raw }) {
  const add = async (name, build = (t) => { t.integer('n'); }) => {
    function describe(what, why) { return `${what}${why || ''}`; }
    await schema.createTable(describe(name), build);
  };
  await add('nested');
  await add('nested_too', function (t) { t.integer('m'); });
};
exports.down = async ({ schema }) => {
  for (const name of ['nested', 'nested_too']) await schema.dropTable(name);
};
