#!/usr/bin/env bats
# mg-convert(1): a CommonJS migration of knex becomes TypeScript
#
# Rows 187, 188, 190 and 194 of the promises; tests/interop/convert.bats has
# the compiler and knex judge.

# What run sets, and dollars and quotes of JavaScript:
# shellcheck disable=SC2154,SC2016

load helper/common

setup() {
	sandbox
}

# becomes TYPESCRIPT JAVASCRIPT: behind the import of the types
becomes() {
	run -0 --separate-stderr mg-convert <<<"$2"
	is '' "$stderr"
	is "import type { Knex } from 'knex';"$'\n\n'"$1" "$output"
}

# refuses PLACE PART JAVASCRIPT: there, and writes nothing
refuses() {
	run -2 --separate-stderr mg-convert <<<"$3"
	is '' "$output"
	has "$stderr" "mg-convert: <stdin>:$1: " "$2"
}

@test "exports.NAME and module.exports.NAME, functions and arrows" {
	becomes 'export const up = function (knex: Knex) {};
export const down = async (knex: Knex) => {}' \
	    'exports.up = function (knex) {};
module.exports.down = async knex => {}'
	becomes 'export const up = async function up(k: Knex) {}' \
	    'exports.up = async function up(k) {}'
}

@test "exports of what is declared elsewhere" {
	becomes 'export { up };
export { back as down };
function up(knex: Knex) {}
const back = (knex: Knex, other?: any) => 1;' \
	    'exports.up = up;
exports.down = back;
function up(knex) {}
const back = (knex, other) => 1;'
}

@test "module.exports = { names }" {
	becomes 'async function up(knex: Knex) {}
function back(knex: Knex) {}
export { up, /* the way back */ back as down };' \
	    'async function up(knex) {}
function back(knex) {}
module.exports = { up: up, /* the way back */ down: back };'
}

@test "module.exports = { values, methods, names }" {
	becomes 'function down(knex: Knex) {}

  // up
  export async function up(knex: Knex) { };
  export { down };
  export const config = { transaction: false };' \
	    'function down(knex) {}
module.exports = {
  // up
  async up(knex) { },
  down,
  config: { transaction: false },
};'
}

@test "require becomes import" {
	is "import * as fs from 'fs';
import assert = require('assert');
import lodash = require('lodash');
import { v4 as uuid, v5 } from 'uuid';
import { join } from \"node:path\"
import { b as a } from './b';
import './c';
export const up = () => { fs.x(assert(1)); };" \
	    "$(mg-convert <<<"const fs = require('fs');
const assert = require('assert');
let lodash = require('lodash');
const { v4: uuid, v5 } = require('uuid');
var join = require(\"node:path\").join
const a = require('./b').b;
require('./c');
exports.up = () => { fs.x(assert(1)); };")"
}

@test "types where a strict compiler asks for them" {
	becomes 'export const up = (knex: Knex) => {
  let a: any, b: any = [], c = 1, d: any = null;
  for (const e of b) try { f(e); } catch (g: any) { }
  knex.schema.createTable("t", (t: Knex.CreateTableBuilder) => {});
  knex.transaction(function (this: any, h: Knex.Transaction) { this.i; });
  return new Promise<any>((done: any, { x }: any, [y]: any, z: any = 1, ...more: any[]) => {});
};
function f(j: any, k?: any, l: any = 2, m?: any) {}
function g(j: any, k: any, { l }: any) {}
function h(j: any, k?: any, { l }: any = {}) {}' \
	    'exports.up = knex => {
  let a, b = [], c = 1, d = null;
  for (const e of b) try { f(e); } catch (g) { }
  knex.schema.createTable("t", t => {});
  knex.transaction(function (h) { this.i; });
  return new Promise((done, { x }, [y], z = 1, ...more) => {});
};
function f(j, k, l = 2, m) {}
function g(j, k, { l }) {}
function h(j, k, { l } = {}) {}'
}

@test "nothing else changes: no comment, no blank line, no text" {
	mg-convert <"$ROOT/tests/interop/knex/20240101000017_texts.js" >ts
	diff "$ROOT/tests/interop/knex/20240101000017_texts.js" ts >changes ||
	    true
	is "0a1,2
> import type { Knex } from 'knex';
> 
9c11
< exports.up = async function (knex) {
---
> export const up = async function (knex: Knex) {
12c14
<   await knex.schema.createTable('texts', (t) => { t.text('text'); t.integer('half'); });
---
>   await knex.schema.createTable('texts', (t: Knex.CreateTableBuilder) => { t.text('text'); t.integer('half'); });
16c18
< exports.down = async function (knex) {
---
> export const down = async function (knex: Knex) {" "$(cat changes)"
}

@test "what is in texts, templates, comments and expressions stays" {
	becomes 'export const up = (knex: Knex) => `${a / `}${1}` /* x => y */} exports.up` + /[/`]x => y/.source // this
  + "function (a) {}" + b / c / d;' \
	    'exports.up = knex => `${a / `}${1}` /* x => y */} exports.up` + /[/`]x => y/.source // this
  + "function (a) {}" + b / c / d;'
}

@test "members that are called as words of the language are members" {
	becomes 'export const up = (knex: Knex) => a.function.exports?.module({ exports: 1, this: 2, enum: 3 }).catch(b);' \
	    'exports.up = knex => a.function.exports?.module({ exports: 1, this: 2, enum: 3 }).catch(b);'
}

@test "exports that are not understood are refused" {
	refuses 1:19 'exports are understood as' 'const up = 1; if (exports.up) {}'
	refuses 1:3 'exports are understood as' 'a exports.up = 1;'
	refuses 2:3 'exports are understood as' $'if (x)\n  exports.up = 1;'
	refuses 1:1 'exports are understood as' 'module.exports = up;'
	refuses 1:1 'exports are understood as' 'module.id;'
	refuses 1:14 'exports are understood as' 'exports.up = exports.down = 1;'
	refuses 1:1 'exports are understood as' 'exports["up"] = 1;'
	refuses 2:1 'exports are understood as' \
	    $'exports.up = a;\nmodule.exports = { down };'
	refuses 1:17 'this name is declared here, too' 'var up; exports.up = 1;'
	refuses 2:9 'this name is exported already' \
	    $'exports.up = 1;\nexports.up = 2;'
	refuses 2:1 'it exports no up, so it is no migration of knex' \
	    'exports.down = 1;'
	refuses 1:20 'an export has a name, and no quotes' \
	    'module.exports = { "up": 1 }'
	refuses 1:20 'a getter is not understood' \
	    'module.exports = { get up() { } }'
	refuses 1:20 'an export has a name' 'module.exports = { *up() { } }'
}

@test "requires that are not understood are refused" {
	local message='require is understood in front of all else'
	refuses 2:11 "$message" $'exports.up = 1;\nconst a = require("a");'
	refuses 1:11 "$message" 'const a = require(b);'
	refuses 1:11 "$message" 'const a = require("a"), b = 1;'
	refuses 1:11 "$message" 'const a = require("a")();'
	refuses 1:20 "$message" 'exports.up = () => require("a");'
	refuses 1:11 'an import has names' 'const { a = 1 } = require("a");'
}

@test "what a module does otherwise is refused" {
	refuses 1:22 'a module has no __dirname' 'exports.up = () => f(__dirname)'
	refuses 1:1 'strict mode has no with' 'with (a) {}'
	refuses 1:1 'eval is not the same' 'eval("a")'
	refuses 1:23 'arguments is not the same' 'function a() { return arguments }'
	refuses 1:1 'a class needs types' 'class A {}'
	refuses 1:1 'this is a module already' 'import a from "a"'
	refuses 1:5 'an octal number' 'a = 010'
	refuses 1:6 'an octal escape' 'a = "\1"'
	refuses 1:1 'only a member' 'delete a'
	refuses 1:14 'this is understood in functions' 'exports.up = this'
	refuses 1:28 'this is understood' 'exports.up = function () { this.a }'
	refuses 1:7 'the types of knex have this name' 'const Knex = 1;'
	refuses 1:31 'a function in a block' 'exports.up = () => { if (a) { function b() {} } }'
}

@test "what cannot be told apart without a grammar is refused" {
	refuses 1:8 'this slash may divide or begin' 'if (a) /b/.c()'
	refuses 1:4 'this slash may divide or begin' '{} /b/.c()'
	refuses 1:5 'this slash may divide or begin' 'a++ / b'
	refuses 1:5 'this may be read as < and >' 'f(a < b, c > (d))'
	refuses 1:9 'this may be read as the type' 'a ? (b) : c => d'
	refuses 2:1 'this may be a method or a block' $'exports.up = { b(c)\n{} }'
}

@test "a text that is not whole is refused" {
	refuses 1:5 'this string has no end' 'a = "b'
	refuses 2:6 'this template has no end' $'\n`b${c}'
	refuses 1:5 'this comment has no end' 'a = /* b'
	refuses 1:5 'this regular expression has no end' 'a = /[/]'
	refuses 1:2 'this bracket is not closed' 'f(a'
	refuses 1:3 'this bracket closes another one' 'f(}'
	refuses 1:2 'this bracket closes nothing' 'f)'
	refuses 1:5 'not understood here' 'a = é'
	refuses 1:1 'a comment as HTML has it' '<!-- a'
	printf 'a = "\377"' >latin
	fails 2 'mg-convert: <stdin>:1:6: not UTF-8' mg-convert <latin
	fails 2 'mg-convert: <stdin>:1:1: it exports no up, so it is no migration of knex' \
	    mg-convert </dev/null
}

@test "options are for folders" {
	says 2 'mg-convert: --layout says what to make of a folder' \
	    mg-convert --down </dev/null
	says 2 'mg-convert: --layout says what to make of a folder' \
	    mg-convert a.js
}
