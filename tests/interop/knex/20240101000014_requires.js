'use strict'

const path = require('path')
const { createHash, randomBytes: bytes } = require('crypto');
const format = require('util').format;
const assert = require("assert");
const os = require('node:os'); // who knows

// Not at its own place.
exports.up = async function (knex) {
  const name = path.basename('/tmp/hashes.txt', '.txt')
  assert(name === 'hashes')
  assert.strictEqual(bytes(4).length, 4)
  await knex.schema.createTable(name, (table) => {
    table.string('hash', os.EOL.length * 64)
  })
  await knex(name).insert({ hash: createHash('sha256').update(format('%s-%d', 'x', 1)).digest('hex') })
}

exports.down = async function (knex) {
  await knex.schema.dropTable('hashes')
}
