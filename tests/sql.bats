#!/usr/bin/env bats
# sql: where the statements of a text begin and end, what each one is

# The dollars in single quotes are SQL's.
# shellcheck disable=SC2016

load helper/common

# statements: what sql makes of standard input, see sql/statements.c
statements() {
	"${DRIVERS:-$ROOT/build/tests}/sql/statements"
}

# cuts TEXT STATEMENT...: into these, whatever they are
cuts() {
	local output
	output=$(printf %s "$1" | statements) || { echo "$output" >&2; return 1; }
	shift
	is "$(printf '%s\n' "$@")" "$(cut -d'|' -f2- <<<"$output")"
}

# shows TEXT LINE...: what the driver prints, word for word
shows() {
	local text=$1
	shift
	is "$(printf '%s\n' "$@")" "$(printf %s "$text" | statements)"
}

# refuses TEXT PLACE PART: with an error there that says so
refuses() {
	run -1 statements < <(printf %s "$1")
	has "$output" "$2: " "$3"
}

# kinds KIND: each line of standard input is one statement of that kind, and
# so it is in upper case, behind a comment and followed by another
kinds() {
	local line output
	while read -r line; do
		output=$(statements <<<"/* x */ $line;${line^^};") || return
		is "$1 $1 $line" "$(cut -d' ' -f1 <<<"${output//|/ }" |
		    paste -sd' ') $line" || return
	done
}

# -- where they begin and end

@test "a text of spaces, comments and semicolons holds no statement" {
	shows '' ''
	shows $' \t\r\n\f\v' ''
	shows $'-- a\n/* b; */;;;' ''
}

@test "neither the semicolon nor comments around belong to a statement" {
	cuts $'-- a\n x /* b */ y -- c\n; /* d */ z -- e\n' 'x /* b */ y' z
}

@test "the last statement needs no semicolon, and is then open" {
	shows 'begin; checkpoint' 'begin|begin' 'plain open|checkpoint'
}

@test "empty statements are not listed" {
	cuts ';;a;;b;' a b
}

@test "a text that ends in a line comment says so" {
	shows $'begin;-- x' 'begin|begin' 'open comment'
	shows $'begin;-- x\n' 'begin|begin'
	shows $'begin;-- x\r' 'begin|begin'
}

@test "Windows line ends are just white" {
	cuts $'a\r\n;\r\n-- c\r\nb;\r\n' a b
}

@test "a carriage return alone ends a line comment" {
	cuts $'a -- ;\rb; c' 'a -- ;\rb' c
}

@test "comments nest" {
	cuts '/* ; /* ; */ ; */ a; b' a b
	cuts '/*/* */ */a;/**/b' a b
	cuts '/***/ a /*//**/*/; b' a b
}

@test "an operator ends where a comment begins" {
	cuts $'a +-- ;\nb; c' 'a +-- ;\nb' c
	cuts 'a @/* ; */ b; c' 'a @/* ; */ b' c
	cuts 'a */* ; */ b; c' 'a */* ; */ b' c
}

@test "a semicolon in quotes ends nothing" {
	cuts "a ';' ''';' \";\" \"\"\";\"; b" "a ';' ''';' \";\" \"\"\";\"" b
}

@test "a backslash in a plain string is just itself" {
	cuts "a '\\'; b '\\'" "a '\\'" "b '\\'"
	cuts "a N'\\'; b B'\\'; c x'\\'; d U&'\\'; e U&\"\\\"" \
	    "a N'\\'" "b B'\\'" "c x'\\'" "d U&'\\'" "e U&\"\\\""
}

@test "in an E string a backslash protects the quote" {
	cuts "a E'\\';'; b e'\\\\'; c" "a E'\\';'" "b e'\\\\'" c
	cuts "a E'x''\\';'; b" "a E'x''\\';'" b
}

@test "an E at the end of a word begins no E string" {
	cuts "a nameE'\\'; b" "a nameE'\\'" b
}

@test "an E string goes on behind a newline, also over a comment" {
	cuts $'a E\'x\'\n\'\\\';\'; b' $'a E\'x\'\\n\'\\\';\'' b
	cuts $'a E\'x\' -- c\n \'\\\';\'; b' $'a E\'x\' -- c\\n \'\\\';\'' b
}

@test "an E string ends before a space or a block comment" {
	cuts "a E'x' '\\'; b" "a E'x' '\\'" b
	cuts $'a E\'x\' /*\n*/ \'\\\'; b' $'a E\'x\' /*\\n*/ \'\\\'' b
}

@test "dollar quotes end at their own tag only" {
	cuts 'a $$;$x$;$$; b $x$;$$;$x$; c $é$;$$ é$;$é$' \
	    'a $$;$x$;$$' 'b $x$;$$;$x$' 'c $é$;$$ é$;$é$'
	cuts 'a $x$ $$x$; b' 'a $x$ $$x$' b
}

@test "a dollar within a name begins no quote" {
	cuts 'foo$bar$baz; a$$; b' 'foo$bar$baz' 'a$$' b
}

@test "a dollar behind a number or a parameter begins a quote" {
	cuts '1$$;$$; 1.e5$$;$$; $1$$;$$; b' '1$$;$$' '1.e5$$;$$' '$1$$;$$' b
}

@test "the semicolons of a rule stand in parentheses" {
	cuts 'create rule r as on insert to t do also (a; b); c' \
	    'create rule r as on insert to t do also (a; b)' c
}

@test "BEGIN ATOMIC holds statements up to its END" {
	cuts 'create function f() returns int begin atomic a; b; end; c' \
	    'create function f() returns int begin atomic a; b; end' c
	cuts 'create or replace procedure p() begin /**/ atomic end; c' \
	    'create or replace procedure p() begin /**/ atomic end' c
}

@test "no other END ends a BEGIN ATOMIC body" {
	local body='select case when a then b end; select 1 as end; t.end;'
	cuts "create function f() begin atomic $body end; c" \
	    "create function f() begin atomic $body end" c
}

@test "BEGIN ATOMIC bodies nest" {
	local f='create function f() begin atomic'
	cuts "$f a; $f b; end; c; end; d" "$f a; $f b; end; c; end" d
}

@test "what is merely called begin or atomic opens no body" {
	cuts 'create function f(begin atomic) returns begin as $$x$$; b' \
	    'create function f(begin atomic) returns begin as $$x$$' b
	cuts 'create function begin() returns atomic; b' \
	    'create function begin() returns atomic' b
	cuts 'select begin atomic; b' 'select begin atomic' b
	cuts 'create function f() returns begin begin atomic a; end; b' \
	    'create function f() returns begin begin atomic a; end' b
	cuts 'create function f() begin atomic select begin atomic; end; b' \
	    'create function f() begin atomic select begin atomic; end' b
}

# -- what is refused

@test "refuses a byte order mark" {
	refuses $'\xef\xbb\xbfselect 1;' 1:1 'byte order mark'
}

@test "refuses a NUL byte" {
	run -1 statements < <(printf 'a\n\0;')
	has "$output" '2:1: a NUL byte'
}

@test "refuses what is not UTF-8" {
	refuses $'é \'\xff\'' 1:4 'not UTF-8'
	refuses $'\xc0\x80' 1:1 'not UTF-8'
	refuses $'\xed\xa0\x80' 1:1 'not UTF-8'
}

@test "an open quote, name, comment or tag is named where it opens" {
	refuses $'é;\né \'x;' 2:3 'unterminated string'
	refuses "a E'x\\'" 1:3 'unterminated string'
	refuses 'a "x""' 1:3 'unterminated name'
	refuses $'a;\n/* /* */' 2:1 'unterminated comment'
	refuses $'a $x$ $$ $y$' 1:3 'unterminated dollar quote'
}

@test "refuses unbalanced parentheses" {
	refuses 'a (b (c)' 1:3 'unbalanced ('
	refuses 'a (b); c)' 1:9 'unbalanced )'
}

@test "refuses a BEGIN ATOMIC that is not ended" {
	refuses 'create function f() begin atomic a; b' 1:21 'BEGIN ATOMIC'
}

@test "refuses psql commands, but no backslash in a string" {
	refuses $'a;\n\\set x 1' 2:1 'psql command'
	refuses 'select 1 \gset' 1:10 'psql command'
	cuts "a '\\set'" "a '\\set'"
}

@test "refuses COPY from or to the client before it reads the data" {
	refuses $'a;\ncopy t (x) from stdin with csv;\n1\'2\n\\.' 2:1 'COPY'
	refuses 'copy (select 1) to /* */ stdout' 1:1 'COPY'
	shows "copy stdin from 'f'; copy (select from stdin) to program 'f'" \
	    "opaque|copy stdin from 'f'" \
	    "opaque open|copy (select from stdin) to program 'f'"
}

@test "refuses the marks of a merge conflict" {
	local mark
	refuses '<<<<<<< HEAD' 1:1 'merge conflict'
	for mark in '<<<<<<<' '|||||||' '=======' '>>>>>>>'; do
		refuses "a;"$'\n'"$mark HEAD" 2:1 'merge conflict'
		cuts "a $mark b" "a $mark b"
	done
}

# -- what each one is

@test "transaction control is known in all its forms" {
	kinds begin <<-'END'
		begin
		begin isolation level serializable
		start transaction read only
	END
	kinds commit <<-'END'
		commit
		commit work
		end
		end transaction and no chain
	END
	kinds rollback <<-'END'
		rollback
		rollback transaction
		abort work
	END
	kinds savepoint <<-'END'
		savepoint a
		release savepoint a
		rollback to a
		rollback work to savepoint a
	END
	kinds prepare <<<"prepare transaction 'x'"
}

@test "AND CHAIN begins the next transaction" {
	shows 'commit and chain; rollback and chain; end and no chain' \
	    'commit chain|commit and chain' \
	    'rollback chain|rollback and chain' 'commit open|end and no chain'
}

@test "a quoted word is no key word" {
	kinds opaque <<<'"begin"'
	kinds plain <<<'create index "concurrently" on t (a)'
}

@test "what refuses a transaction block stands alone" {
	kinds alone <<-'END'
		create index concurrently i on t (a)
		create unique index concurrently if not exists i on t (a)
		create index concurrently on t (a)
		drop index concurrently i
		reindex index concurrently i
		reindex (verbose) table concurrently t
		reindex (verbose, concurrently) table t
		reindex (concurrently on) index i
		reindex schema public
		reindex database concurrently d
		reindex (verbose) system d
		alter table only p detach partition s.c concurrently
		vacuum
		vacuum (full, analyze) t
		cluster
		cluster verbose
		cluster (verbose)
		create database d
		drop database if exists d
		alter database d set tablespace s
		alter database d with tablespace s
		create tablespace s location '/s'
		drop tablespace s
		alter system set work_mem = 1
		discard all
		commit prepared 'x'
		rollback prepared 'x'
		create subscription s connection '' publication p
		create subscription s connection '' publication p with (enabled = off)
		drop subscription s
		alter subscription s refresh publication
		alter subscription s set publication p
		alter subscription s add publication p with (copy_data = false)
		alter subscription s drop publication p with (refresh)
		alter subscription s set (failover = true)
		alter subscription s set (binary, two_phase = false)
	END
}

@test "what is like these but allowed in a block is plain" {
	kinds plain <<-'END'
		create index i on t (a)
		drop index i
		reindex index i
		reindex (concurrently off) table t
		reindex (concurrently = false, verbose) table t
		alter table p detach partition c
		alter table p detach partition c finalize
		analyze t
		analyse
		cluster t
		cluster verbose t using i
		alter database d rename to e
		alter database d set search_path = tablespace
		alter tablespace s rename to r
		refresh materialized view concurrently v
		create subscription s connection '' publication p with (connect = false)
		create subscription s connection '' publication p with (create_slot = off)
		alter subscription s set publication p with (refresh = false)
		alter subscription s set (binary = true)
		alter subscription s disable
		alter type e add value 'x'
		lock table t
	END
}

@test "a DO block that ends transactions stands alone" {
	kinds alone <<-'END'
		do $$begin commit; end$$
		do language plpgsql $x$begin if a then rollback; end if; end$x$
		do 'begin perform ''x''; commit and chain; end' language 'plpgsql'
		do $$<<l>> begin loop commit; end loop; end$$
		do $$begin begin null; exception when others then rollback; end; end$$
		do E'begin\n commit;\n end'
		do language plpython3u $$plpy.commit()$$
	END
}

@test "a DO block that only speaks of COMMIT does not" {
	kinds opaque <<-'END'
		do $$begin /* commit; */ raise notice 'commit;'; end$$
		do $$declare commit int; begin a := commit; end$$
		do $$begin commit := 1; perform rollback; end$$
		do $$begin end$$
	END
}

@test "what may leave something in the session is told apart" {
	kinds session <<-'END'
		set a = 1
		set session a to 1
		set local.a = 1
		set session.a = 1
		set transaction.a = 1
		set constraints.a = 1
		set time zone 'utc'
		set session characteristics as transaction read only
		set session authorization a
		set role a
		reset a
		discard temp
		listen a
		unlisten *
		load 'a'
		prepare a as select 1
		prepare transaction as select 1
		deallocate all
		declare a cursor with hold for select 1
		create temp table t (a int)
		create local temporary table t as select 1
		create temp table t (a int) on commit delete rows
		create or replace temp view v as select 1
		create function pg_temp.f() returns int language sql as 'select 1'
	END
	kinds plain <<-'END'
		set local a = 1
		set transaction read only
		set session transaction read only
		set constraints all deferred
		declare a no scroll cursor without hold for select 1
		create temp table t (a int) on commit drop
	END
}

@test "what calls functions is opaque, and so is what is not known" {
	kinds opaque <<-'END'
		do $$begin end$$
		call p()
		select 1
		(select 1)
		values (1)
		table t
		with a as (select 1) select 1
		insert into t values (1)
		update t set a = 1
		delete from t
		merge into t using u on true when matched then do nothing
		truncate t
		execute a
		explain analyze select 1
		copy t from '/f'
		fetch a
		create table t as select 1
		create unlogged table t (a) with (b) as select 1
		comment on table t is 'see set_config()'
		start again
		frobnicate
	END
}

@test "a definition that ends in no query is plain" {
	kinds plain <<-'END'
		create table t (a int generated always as (b) stored)
		create materialized view v as select 1
		create view v as select 1
		create extension x
		grant select on t to a
		comment on table t is 'x'
		drop table t
		security label on table t is 'x'
	END
}

@test "what may hold a password is marked" {
	local text
	while read -r text; do
		has "$(statements <<<"$text" | cut -d'|' -f1)" ' secret'
	done <<-'END'
		create role a login password 'x'
		alter user a encrypted password$$x$$
		create group a password/**/E'x'
		create user mapping for a server s options (user 'a', password 'x')
		alter user mapping for a server s options (set b 'x')
		create server s foreign data wrapper w options (host 'x')
		create subscription s connection 'x' publication p
		alter subscription s connection 'x'
		create foreign table t (a int) server s options (password 'x')
		select dblink('host=a password=x', 'select 1')
		select dblink('postgres://a:x@b/c', 'select 1')
		alter system set primary_conninfo = 'password = x'
		do $$begin create role a password 'x'; end$$
		do $$begin execute format('alter role a password %L', x); end$$
	END
	while read -r text; do
		run -0 statements <<<"$text"
		is "${output/secret/}" "$output"
	done <<-'END'
		create table password (password text, "password" text)
		alter table t add password text not null default ''
		insert into t (kind, url) values ('password', 'https://a/b:c@d, ftp://a@b')
		create role a login
		alter user a set search_path = b
		drop user mapping for a server s
	END
}

@test "CONCURRENTLY is pointed at where it can be left out" {
	shows 'create index concurrently on t(a);reindex table concurrently t' \
	    'alone concurrent drop=concurrently table=t|create index concurrently on t(a)' \
	    'alone concurrent open drop=concurrently reindex=TABLE name=t|reindex table concurrently t'
	shows 'reindex (concurrently) table t; reindex system concurrently' \
	    'alone concurrent reindex=TABLE name=t|reindex (concurrently) table t' \
	    'alone concurrent open reindex=SYSTEM|reindex system concurrently'
}

@test "what runs CONCURRENTLY is told, wherever the word stands" {
	local text
	while read -r text; do
		has "$(statements <<<"$text" | cut -d'|' -f1)" 'alone concurrent'
	done <<-'END'
		create index concurrently on t (a)
		drop index concurrently i
		reindex schema concurrently public
		reindex (concurrently) database d
		reindex (verbose) table concurrently t
		alter table only p detach partition s.c concurrently
	END
	while read -r text; do
		run ! has "$(statements <<<"$text" | cut -d'|' -f1)" ' concurrent'
	done <<-'END'
		reindex schema "concurrently"
		reindex (concurrently off) system d
		alter table p detach partition c finalize
		refresh materialized view concurrently v
		vacuum concurrently
	END
}

@test "the body of DO is found behind its language" {
	shows $'do language \'plpgsql\'\n  $$begin end$$;' \
	    $'opaque body=2:3|do language \'plpgsql\'\\n  $$begin end$$'
}

@test "indexes and their tables are named as written" {
	shows 'create unique index concurrently if not exists "A ""i" on only a . "T" (x)' \
	    'alone concurrent open drop=concurrently index="A ""i" table=a . "T"|create unique index concurrently if not exists "A ""i" on only a . "T" (x)'
	shows 'create index on t (a); create index if on t (a)' \
	    'plain table=t|create index on t (a)' \
	    'plain open index=if table=t|create index if on t (a)'
	shows 'drop index concurrently if exists a."b"; drop index a, b; drop table t' \
	    'alone concurrent drop=concurrently index=a."b"|drop index concurrently if exists a."b"' \
	    'plain index=a|drop index a, b' 'plain open|drop table t'
	shows 'create index U&"\0061" on t (a)' \
	    'plain open table=t|create index U&"\0061" on t (a)'
	shows 'reindex (verbose) index concurrently a.b' \
	    'alone concurrent open drop=concurrently index=a.b reindex=INDEX name=a.b|reindex (verbose) index concurrently a.b'
}

@test "what REINDEX and DETACH are about is named as written" {
	shows 'reindex schema "S"; reindex database; reindex (concurrently) system concurrently d' \
	    'alone reindex=SCHEMA name="S"|reindex schema "S"' \
	    'alone reindex=DATABASE|reindex database' \
	    'alone concurrent open reindex=SYSTEM name=d|reindex (concurrently) system concurrently d'
	shows 'alter table if exists only a."P" * detach partition "c" concurrently' \
	    'alone concurrent open drop=concurrently partition="c" parent=a."P"|alter table if exists only a."P" * detach partition "c" concurrently'
	shows 'alter table if detach partition c; alter table p detach partition c finalize' \
	    'plain|alter table if detach partition c' \
	    'plain open|alter table p detach partition c finalize'
}

@test "each SET has a RESET that undoes it" {
	local text want
	while IFS='>' read -r text want; do
		has "$(statements <<<"$text")" "undo=$want|"
	done <<-'END'
		set lock_timeout = 1>RESET lock_timeout
		set session lock_timeout to default>RESET lock_timeout
		set "Lock_Timeout" = 1>RESET "Lock_Timeout"
		set my.x = 1>RESET my.x
		set session.x = 1>RESET session.x
		set session session.x = 1>RESET session.x
		set local.x to 1>RESET local.x
		set time.x to 1>RESET time.x
		set role a>RESET ROLE
		set role = a>RESET role
		set session authorization a>RESET SESSION AUTHORIZATION
		set session session authorization a>RESET SESSION AUTHORIZATION
		set schema 'a'>RESET search_path
		set time zone local>RESET TimeZone
		set names 'utf8'>RESET client_encoding
		set xml option document>RESET xmloption
		set session characteristics as transaction read only>RESET ALL
		set a from current>RESET ALL
		set "a name that is longer than the room the driver has for a statement to undo it" = 1>RESET ALL
	END
	for text in 'set local a = 1' 'reset a' 'set transaction read only'; do
		run -0 statements <<<"$text"
		is "${output/undo/}" "$output"
	done
}
