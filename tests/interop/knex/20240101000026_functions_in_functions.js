exports.up = async function ({ schema }) {
  const build = (name, more) => {
    function describe(what, why) { return `${what}${why || ''}`; }
    return (t) => { t.integer(describe(name, more)); };
  };
  await schema.createTable('nested', build('n')).createTable('nested_too', build('m', 'n'));
};
exports.down = async ({ schema }) => {
  await schema.dropTable('nested').dropTable('nested_too');
};
