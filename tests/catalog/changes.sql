-- changes.sql - single changes to the database of rich.sql, one after another
--
-- Above each stands what mg-catalog(1) then says otherwise, and that is all:
-- kind and name of the objects, as its JSON has them.

-- schema app
alter schema app owner to postgres;

-- schema app
grant create on schema app to mg_rich_app;

-- schema app
revoke usage on schema app from mg_rich_app;

-- schema public
grant create on schema public to public;

-- schema app
comment on schema app is 'changed';

-- schema public
comment on schema public is 'ours';

-- schema fresh
create schema fresh;

-- schema gone
drop schema gone;

-- extension hstore
alter extension hstore set schema app;

-- extension hstore
drop extension hstore;

-- extension pg_trgm
create extension pg_trgm;

-- enum public.mood
-- enum-order public.mood
alter type mood add value 'glad' after 'ok';

-- enum public.mood
-- enum-order public.mood
alter type mood rename value 'glad' to 'merry';

-- enum public.mood
comment on type mood is null;

-- enum public.mood
alter type mood owner to mg_rich_owner;

-- enum public.mood
revoke usage on type mood from public;

-- enum public.Level
-- enum public.Levels
-- enum-order public.Level
-- enum-order public.Levels
alter type "Level" rename to "Levels";

-- enum app.Levels
-- enum public.Levels
-- enum-order app.Levels
-- enum-order public.Levels
alter type "Levels" set schema app;

-- column public.typed.z
-- column-order public.typed
-- composite public.pair
alter type pair add attribute z int cascade;

-- column public.typed.w
-- column public.typed.z
-- column-order public.typed
-- composite public.pair
alter type pair rename attribute z to w cascade;

-- composite public.pair
comment on column pair.x is 'another';

-- domain public.positive
alter domain positive drop not null;

-- domain public.positive
alter domain positive set default 2;

-- constraint public.positive.small
alter domain positive add constraint small check (value < 1000) not valid;

-- constraint public.positive.small
alter domain positive validate constraint small;

-- constraint public.code.code_upper
comment on constraint code_upper on domain code is null;

-- constraint public.code.code_upper
alter domain code drop constraint code_upper;

-- type public.base
alter type base set (storage = plain, typmod_in = varchartypmodin, typmod_out
    = varchartypmodout);

-- function public.add_one(integer, integer)
alter function add_one(int, int) volatile;

-- function public.add_one(integer, integer)
alter function add_one(int, int) parallel unsafe;

-- function public.add_one(integer, integer)
alter function add_one(int, int) strict;

-- function public.add_one(integer, integer)
alter function add_one(int, int) leakproof;

-- function public.touch()
alter function touch() security invoker;

-- function public.touch()
alter function touch() reset search_path;

-- function public.rows_of(integer)
alter function rows_of(int) cost 6;

-- function public.rows_of(integer)
alter function rows_of(int) rows 20;

-- function public.add_one(integer, integer)
create or replace function add_one(a int, b int default 2) returns int
    language sql volatile strict leakproof as 'select a + b';

-- function public.add_one(text)
create or replace function add_one(a text) returns text language sql stable as
    $$ select a || 'one'  $$;

-- function public.add_one(integer, integer)
alter function add_one(int, int) owner to mg_rich_owner;

-- function public.add_one(text)
grant execute on function add_one(text) to mg_rich_app with grant option;

-- function public.touch()
grant execute on function touch() to public;

-- function public.add_one(integer, integer)
comment on function add_one(int, int) is null;

-- function public.add_one(text)
-- function public.add_two(text)
alter function add_one(text) rename to add_two;

-- function public.add_one(numeric)
create function add_one(numeric) returns numeric language sql as 'select $1 +
    1';

-- function public.add_one(integer[])
create function add_one(variadic int[]) returns int language sql begin atomic
    select 1; end;

-- procedure public.tidy(integer)
create or replace procedure tidy(inout n int) language plpgsql as 'begin n :=
    n + 2; end';

-- aggregate public.product(integer)
create or replace aggregate product(int) (sfunc = int4mul, stype = int,
    initcond = '2', combinefunc = int4mul, parallel = safe);

-- aggregate public.product(integer)
comment on aggregate product(int) is 'all';

-- operator public.===(public.pair, public.pair)
alter operator === (pair, pair) set (restrict = none);

-- operator public.===(public.pair, public.pair)
comment on operator === (pair, pair) is 'same';

-- operator-family public.pair_ops(btree)
alter operator family pair_ops using btree add function 2 (pair, pair)
    btint4sortsupport(internal);

-- operator-class public.pair_class(btree)
alter operator class pair_class using btree owner to mg_rich_owner;

-- cast (public.pair AS integer)
drop cast (pair as int);

-- cast (public.pair AS integer)
create cast (pair as int) with function pair_to_int(pair) as implicit;

-- cast (public.mood AS text)
comment on cast (mood as text) is 'words';

-- conversion public.win
-- conversion public.wins
alter conversion win rename to wins;

-- transform text plpgsql
drop transform for text language plpgsql;

-- language mine
create trusted language mine handler plpgsql_call_handler inline
    plpgsql_inline_handler validator plpgsql_validator;

-- language mine
grant usage on language mine to mg_rich_app;

-- collation public.german
drop collation german;

-- collation public.german
create collation german (provider = libc, locale = 'POSIX');

-- collation public.german
-- collation public.teutonic
alter collation german rename to teutonic;

-- table public.users
alter table users set (fillfactor = 85);

-- table public.users
alter table users reset (autovacuum_enabled);

-- table public.users
alter table users set (toast.autovacuum_enabled = true);

-- column public.users.email
-- column public.users.name
-- sequence public.users_id_seq
-- table public.users
alter table users owner to postgres;

-- table public.users
revoke select on users from public;

-- table public.users
grant select on users to mg_rich_app with grant option;

-- table public.users
revoke insert on users from mg_rich_app;

-- column public.users.bio
grant select (bio) on users to mg_rich_app;

-- table public.users
comment on table users is 'persons';

-- column public.users.email
comment on column users.email is 'other';

-- table public.cache
alter table cache set logged;

-- table public.logs2
alter table logs2 set unlogged;

-- table public.orders
alter table orders replica identity default;

-- index public.animals_name_key
-- table public.animals
alter table animals replica identity nothing;

-- table public.users
alter table users no force row level security, disable row level security;

-- table public.cache
alter table cache enable row level security;

-- table public.typed
alter table typed not of;

-- column public.pets.legs
-- column public.pets.name
-- table public.pets
alter table pets no inherit animals;

-- column public.wings.name
-- table public.wings
alter table wings no inherit animals;

-- column public.users.name
alter table users alter name set not null;

-- column \"odd \"\".schema\".\"Table, (x)\".Été
alter table "odd "".schema"."Table, (x)" alter "Été" type varchar(30);

-- column public.wings.feathers
alter table wings alter feathers type bigint;

-- column public.users.wait
alter table users alter wait type interval(3);

-- column public.users.score
alter table users alter score set default 0.75;

-- column public.users.seen
alter table users alter seen set default '2001-02-03 04:05:07+00';

-- column public.users.born
alter table users alter born drop default;

-- column public.users.updated
alter table users alter updated set default current_timestamp;

-- column public.users.tags
alter table users alter tags set default array[]::text[];

-- column public.users.id
alter table users alter id set generated by default;

-- sequence public.users_id_seq
alter table users alter id set increment 6;

-- column public.users.full_name
alter table users alter full_name drop expression;

-- column public.users.code
alter table users alter code type code collate "POSIX";

-- column public.users.bio
alter table users alter bio set storage main;

-- column public.users.name
alter table users alter name set compression lz4;

-- column public.users.email
alter table users alter email set statistics 501;

-- column public.users.score
alter table users alter score reset (n_distinct);

-- column public.users.score
alter table users alter score set (n_distinct_inherited = 50);

-- column public.users.extra
-- column-order public.users
alter table users add column extra int;

-- column public.users.extra
-- column public.users.more
-- column-order public.users
alter table users rename extra to more;

-- column public.users.more
-- column-order public.users
alter table users drop column more;

-- column public.animals.wild
-- column-order public.animals
alter table animals add column wild bool;

-- column-order public.users
alter table users drop column spare, add column spare int default -1;

-- column public.events.extra
-- column public.events_2001.extra
-- column public.events_2002.extra
-- column public.events_2002_x.extra
-- column public.events_rest.extra
-- column-order public.events
-- column-order public.events_2001
-- column-order public.events_2002
-- column-order public.events_2002_x
-- column-order public.events_rest
alter table events add column extra int default 1;

-- column public.events_2001.at
-- column public.events_2001.extra
-- column public.events_2001.kind
-- column public.events_2001.n
-- constraint public.events_2001.events_2001_pkey
-- constraint public.events_2001.events_n_check
-- index public.events_2001_n_idx
-- index public.events_2001_pkey
-- table public.events_2001
-- trigger public.events_2001.events_touch
alter table events detach partition events_2001;

-- column public.events_2001.at
-- column public.events_2001.extra
-- column public.events_2001.kind
-- column public.events_2001.n
-- constraint public.events_2001.events_2001_pkey
-- constraint public.events_2001.events_n_check
-- index public.events_2001_n_idx
-- index public.events_2001_pkey
-- table public.events_2001
-- trigger public.events_2001.events_touch
alter table events attach partition events_2001 for values from ('2001-01-01')
    to ('2001-12-01');

-- column public.events_2003.at
-- column public.events_2003.extra
-- column public.events_2003.kind
-- column public.events_2003.n
-- column-order public.events_2003
-- constraint public.events_2003.events_2003_pkey
-- constraint public.events_2003.events_n_check
-- index public.events_2003_n_idx
-- index public.events_2003_pkey
-- table public.events_2003
-- trigger public.events_2003.events_touch
create table events_2003 partition of events for values from ('2003-01-01') to
    ('2004-01-01');

-- column public.events_2003.at
-- column public.events_2003.extra
-- column public.events_2003.kind
-- column public.events_2003.n
-- constraint public.events_2003.events_2003_pkey
-- constraint public.events_2003.events_n_check
-- index public.events_2003_n_idx
-- index public.events_2003_pkey
-- table public.events_2003
-- trigger public.events_2003.events_touch
alter table events detach partition events_2003;

-- constraint public.users.score_positive
-- constraint public.users.users_score_check
alter table users rename constraint users_score_check to score_positive;

-- constraint public.users.score_positive
alter table users drop constraint score_positive;

-- constraint public.users.score_positive
alter table users add constraint score_positive check (score >= 0);

-- constraint public.users.users_mood_check
alter table users drop constraint users_mood_check, add constraint
    users_mood_check check (mood in ('ok', 'happy')) no inherit;

-- constraint public.users.users_mood_check
alter table users drop constraint users_mood_check, add constraint
    users_mood_check check (mood in ('ok', 'happy'));

-- constraint public.ghosts.ghosts_positive
alter table ghosts validate constraint ghosts_positive;

-- constraint public.ghosts.ghosts_id_fkey
alter table ghosts disable trigger all;

-- constraint public.orders.orders_user_fkey
alter table orders alter constraint orders_user_fkey deferrable initially
    deferred;

-- constraint public.orders.orders_user_fkey
alter table orders alter constraint orders_user_fkey not deferrable;

-- constraint public.orders.orders_user_fkey
alter table orders drop constraint orders_user_fkey, add constraint
    orders_user_fkey foreign key (user_id) references users on delete set null
    on update set null;

-- constraint public.orders.orders_user_fkey
alter table orders drop constraint orders_user_fkey, add constraint
    orders_user_fkey foreign key (user_id) references users on delete set null
    on update set null not valid;

-- constraint public.orders.orders_user_fkey
alter table orders drop constraint orders_user_fkey;

-- constraint public.users.users_email_key
alter table users drop constraint users_email_key, add constraint
    users_email_key unique (email);

-- constraint public.users.users_email_key
-- index public.users_email_key
alter table users drop constraint users_email_key;
create unique index users_email_key on users (email);

-- constraint public.users.users_email_key
-- index public.users_email_key
alter table users add constraint users_email_key unique using index
    users_email_key;

-- constraint public.orders.orders_period_excl
alter table orders drop constraint orders_period_excl, add constraint
    orders_period_excl exclude using gist (period with =);

-- constraint public.users.users_pkey
comment on constraint users_pkey on users is 'else';

-- index public.users_score_idx
create index users_score_idx on users (score);

-- index public.users_points_idx
-- index public.users_score_idx
alter index users_score_idx rename to users_points_idx;

-- index public.users_points_idx
drop index users_points_idx;

-- index public.users_status_idx
drop index users_status_idx;
create index users_status_idx on orders (id) where status in ('new', 'paid');

-- index public.users_status_idx
drop index users_status_idx;
create index users_status_idx on orders (id) include (amount) where status in
    ('new', 'paid');

-- index public.users_data_idx
drop index users_data_idx;
create index users_data_idx on users using gin (data);

-- index public.users_code_key
drop index users_code_key;
create unique index users_code_key on users (code) with (fillfactor = 70);

-- index public.users_code_key
alter index users_code_key set (fillfactor = 71);

-- index public.users_code_key
drop index users_code_key;
create index users_code_key on users (code) with (fillfactor = 71);

-- index public.users_bio_idx
drop index users_bio_idx;
create index users_bio_idx on users (bio collate "POSIX" desc, score);

-- index public.users_bio_idx
drop index users_bio_idx; create index users_bio_idx on users (bio desc, score);

-- index public.orders_amount_key
drop index orders_amount_key;
create unique index orders_amount_key on orders (amount);

-- index public.users_name_idx
alter index users_name_idx alter column 2 set statistics 301;

-- index public.users_bio_idx
alter table users cluster on users_bio_idx;

-- index public.users_bio_idx
alter table users set without cluster;

-- index public.animals_name_key
-- table public.animals
alter table animals replica identity using index animals_name_key;

-- index public.users_name_idx
comment on index users_name_idx is null;

-- index public.only_idx
create index only_idx on only events (kind);

-- index public.only_idx
update pg_index set indisvalid = true where indexrelid = 'only_idx'::regclass;

-- index public.summary_key
update pg_index set indisready = false where indexrelid =
    'summary_key'::regclass;

-- index public.summary_key
update pg_index set indisready = true where indexrelid =
    'summary_key'::regclass;

-- statistics public.users_stats
alter statistics users_stats set statistics 78;

-- statistics public.users_words
drop statistics users_words;
create statistics users_words (ndistinct) on lower(name), (bio || 'x') from
    users;

-- sequence public.counter
alter sequence counter increment 3;

-- sequence public.counter
alter sequence counter no cycle;

-- sequence public.counter
alter sequence counter cache 11;

-- sequence public.counter
alter sequence counter maxvalue 101;

-- sequence public.counter
alter sequence counter minvalue -6;

-- sequence public.counter
alter sequence counter start 4;

-- sequence public.counter
alter sequence counter as integer;

-- sequence public.counter
alter sequence counter owned by none;

-- sequence public.orders_id_seq
alter sequence orders_id_seq owned by none;

-- sequence app.free
revoke usage on sequence app.free from mg_rich_app;

-- sequence app.free
-- sequence public.free
alter sequence app.free set schema public;

-- view public.active
create or replace view active with (security_barrier) as select u.id, u.name,
    u.email from users u where u.mood <> 'ok' with local check option;

-- view public.active
create or replace view active with (security_barrier) as select u.id, u.name,
    u.email from users u where u.mood <> 'ok' with cascaded check option;

-- view public.active
alter view active reset (security_barrier);

-- column public.active.name
alter view active alter column name drop default;

-- column public.active.name
-- column public.active.title
-- view public.active
alter view active rename column name to title;

-- view public.active
alter view active owner to mg_rich_owner;

-- view public.active
grant select on active to mg_rich_app;

-- view public.totals
comment on view totals is null;

-- column public.totals.orders
comment on column totals.orders is null;

-- materialized-view public.stale
refresh materialized view stale;

-- materialized-view public.summary
alter materialized view summary set (fillfactor = 91);

-- column public.summary.n
alter materialized view summary alter n set statistics 11;

-- rule public.animals.watch
alter table animals enable rule watch;

-- rule public.animals.watch
create or replace rule watch as on update to animals do also insert into logs2
    values (now() + '1 s');

-- rule public.cache.no_delete
drop rule no_delete on cache;

-- trigger public.users.users_touch
alter table users disable trigger users_touch;

-- trigger public.users.users_touch
alter table users enable replica trigger users_touch;

-- trigger public.users.users_off
alter table users enable trigger users_off;

-- trigger public.events_2001.events_touch
alter table events_2001 disable trigger events_touch;

-- trigger public.users.users_touch
create or replace trigger users_touch before update of name on users for each
    row when (old.name is distinct from new.name) execute function touch('a',
    'b');

-- trigger public.users.users_touch
create or replace trigger users_touch before update of name on users for each
    row execute function touch('a', 'b');

-- trigger public.users.users_touch
create or replace trigger users_touch before update of name on users for each
    row execute function touch('a', 'c');

-- trigger public.users.users_off
-- trigger public.users.users_on
alter trigger users_off on users rename to users_on;

-- trigger public.users.users_touch
comment on trigger users_touch on users is null;

-- trigger public.users.users_late
drop trigger users_late on users;

-- event-trigger ddl
alter event trigger ddl disable;

-- event-trigger ddl
-- event-trigger ddls
alter event trigger ddl rename to ddls;

-- event-trigger ddls
drop event trigger ddls;
create event trigger ddls on ddl_command_end execute function on_ddl();

-- policy public.users.own
alter policy own on users to mg_rich_app;

-- policy public.users.own
alter policy own on users using (name = session_user);

-- policy public.users.own
alter policy own on users with check (score > 1);

-- policy public.users.strict
drop policy strict on users;
create policy strict on users using (mood <> 'sad');

-- policy public.users.strict
-- policy public.users.stricter
alter policy strict on users rename to stricter;

-- text-search-dictionary public.words
alter text search dictionary words (stopwords);

-- text-search-configuration public.notes
alter text search configuration notes alter mapping for asciiword with simple;

-- text-search-configuration public.notes
alter text search configuration notes drop mapping for email;

-- text-search-parser public.split
-- text-search-parser public.splits
alter text search parser split rename to splits;

-- text-search-template public.plain
drop text search template plain;

-- publication everything
alter publication everything set (publish = 'insert');

-- publication everything
alter publication everything set (publish_via_partition_root);

-- publication-table parts.public.ghosts
alter publication parts drop table ghosts;

-- publication parts
alter publication parts owner to mg_rich_owner;

-- publication-table filtered.public.animals
-- publication-table filtered.public.pets
-- publication-table filtered.public.wings
alter publication filtered set table only animals (name, legs) where (legs > 3);

-- publication-table filtered.public.animals
alter publication filtered set table only animals (name) where (legs > 3);

-- publication-schema schemas.app
alter publication schemas drop tables in schema app;

-- subscription sub
alter subscription sub set (binary = true);

-- subscription sub
alter subscription sub set publication another with (refresh = false);

-- subscription sub
alter subscription sub set (synchronous_commit = on);

-- foreign-data-wrapper fake
alter foreign data wrapper fake options (set debug 'false');

-- server far
alter server far options (set host 'elsewhere');

-- server far
alter server far version '3';

-- server far
alter server far options (drop password);

-- server far
revoke usage on foreign server far from mg_rich_app;

-- user-mapping far.mg_rich_app
alter user mapping for mg_rich_app server far options (drop password);

-- user-mapping far.PUBLIC
drop user mapping for public server far;

-- foreign-table public.remote
alter foreign table remote options (set table_name 'other');

-- column public.remote.id
alter foreign table remote alter id options (set column_name 'y');

-- default-privileges mg_rich_owner tables
alter default privileges for role mg_rich_owner grant insert on tables to
    mg_rich_app;

-- default-privileges mg_rich_owner.app functions
alter default privileges for role mg_rich_owner in schema app revoke execute
    on functions from mg_rich_app;

-- default-privileges mg_rich_owner types
alter default privileges for role mg_rich_owner revoke usage on types from
    public;

-- security-label table public.users dummy
insert into pg_seclabel values ('users'::regclass, 'pg_class'::regclass, 0,
    'dummy', 'secret');

-- security-label table public.users dummy
update pg_seclabel set label = 'public';

-- aggregate app.longest(text)
drop aggregate app.longest(text);
create aggregate app.longest(text) (sfunc = textcat, stype = text,
    combinefunc = textcat);

-- aggregate app.longest(text)
alter aggregate app.longest(text) owner to mg_rich_owner;

-- aggregate app.longest(text)
drop aggregate app.longest(text);
create aggregate app.longest(text) (sfunc = textcat, stype = text,
    sspace = 100, finalfunc = length, parallel = restricted);

-- aggregate app.longest(text)
alter aggregate app.longest(text) owner to mg_rich_owner;

-- cast (public.mood AS text)
drop cast (mood as text);
create cast (mood as text) with inout as assignment;

-- collation public.loose
drop collation loose;
create collation loose (provider = icu, locale = 'und-u-ks-level2');

-- collation public.loose
drop collation loose;
create collation loose (provider = icu, locale = 'de');

-- collation public.loose
drop collation loose;
create collation loose (provider = libc, locale = 'C');

-- composite public.pair
alter type pair owner to mg_rich_owner;

-- composite public.pair
alter type pair alter attribute w type bigint cascade;

-- constraint public.cache.cache_pkey
alter table cache drop constraint cache_pkey,
    add constraint cache_pkey unique (k);

-- constraint public.orders.orders_user_fkey
alter table orders add constraint orders_user_fkey
    foreign key (user_id) references users;

-- constraint public.orders.orders_user_fkey
-- index public.users_id_key
create unique index users_id_key on users (id);
alter table orders drop constraint orders_user_fkey;

-- conversion public.wins
drop conversion wins;
create conversion wins for 'UTF8' to 'LATIN2' from utf8_to_iso8859;

-- domain public.positive
alter domain positive owner to mg_rich_owner;

-- constraint public.code.code_length
-- constraint public.positive.positive_check
-- constraint public.positive.small
-- domain public.positive
drop domain positive;
create domain positive as bigint;
alter domain code add constraint code_length check (length(value) > 0);

-- event-trigger ddls
-- function public.on_ddl2()
create function on_ddl2() returns event_trigger language plpgsql as
    'begin end';
drop event trigger ddls;
create event trigger ddls on ddl_command_end execute function on_ddl2();

-- foreign-table public.remote
alter foreign table remote owner to mg_rich_owner;

-- function public.add_one(numeric)
create or replace function add_one(numeric) returns numeric language sql
    support generate_series_int4_support as 'select $1 + 1';

-- column public.summary.n
-- index public.summary_key
-- materialized-view public.summary
drop materialized view summary;
create materialized view summary with (fillfactor = 91) as
    select mood, count(*) + 0 as n from users group by mood;

-- materialized-view public.summary
alter materialized view summary owner to mg_rich_owner;

-- operator public.===(public.pair, public.pair)
alter operator === (pair, pair) owner to mg_rich_owner;

-- policy public.users.own
drop policy own on users;
create policy own on users for delete to mg_rich_app using (true);

-- range public.floats
alter type floats owner to mg_rich_owner;

-- sequence public.counter
alter sequence counter owned by ghosts.id;

-- sequence public.counter
alter sequence counter owned by none;
alter sequence counter owner to mg_rich_owner;

-- statistics public.users_stats
alter statistics users_stats owner to mg_rich_owner;

-- table public.cache
alter table cache no force row level security;

-- table public.logs2
alter table logs2 set access method heap;

-- column public.lists.a
-- column-order public.lists
-- table public.lists
create table lists (a int) partition by list (a);

-- table public.lists
drop table lists;
create table lists (a int) partition by hash (a);

-- text-search-dictionary public.words
alter text search configuration notes owner to postgres;
alter text search dictionary words owner to mg_rich_owner;

-- text-search-configuration public.notes
alter text search configuration notes owner to mg_rich_owner;

-- shell-type public.later
alter type later owner to mg_rich_owner;

-- procedure public.tidy(integer)
alter procedure tidy owner to mg_rich_owner;

-- publication everything
drop publication everything;
create publication everything with (publish = 'insert',
    publish_via_partition_root);

-- column public.animals.legs
-- column public.animals.name
-- column public.animals.wild
-- column public.beasts.legs
-- column public.beasts.name
-- column public.beasts.wild
-- column-order public.animals
-- column-order public.beasts
-- index public.animals_name_key
-- publication-table filtered.public.animals
-- publication-table filtered.public.beasts
-- rule public.animals.watch
-- rule public.beasts.watch
-- table public.animals
-- table public.beasts
alter table animals rename to beasts;

-- column app.logs2.at
-- column public.logs2.at
-- column-order app.logs2
-- column-order public.logs2
-- rule public.beasts.watch
-- table app.logs2
-- table public.logs2
alter table logs2 set schema app;

-- column \"odd \"\".schema\".\"Table, (x)\".\"a.b\"
-- column \"odd \"\".schema\".\"Table, (x)\".\"b.a\"
-- column-order \"odd \"\".schema\".\"Table, (x)\"
-- constraint \"odd \"\".schema\".\"Table, (x)\".\"Table, (x)_pkey\"
alter table "odd "".schema"."Table, (x)" rename "a.b" to "b.a";

-- column \"odd \"\".schema\".\"Table, (x)\".\"b.a\"
-- column \"odd \"\".schema\".\"Table, (x)\".\"new\nline\"
-- column \"odd \"\".schema\".\"Table, (x)\".Été
-- column-order \"odd \"\".schema\".\"Table, (x)\"
-- constraint \"odd \"\".schema\".\"Table, (x)\".\"Table, (x)_pkey\"
-- index \"odd \"\".schema\".\"Table, (x)_pkey\"
-- table \"odd \"\".schema\".\"Table, (x)\"
drop table "odd "".schema"."Table, (x)";

-- column public.totals.id
-- column public.totals.last
-- column public.totals.orders
-- view public.totals
drop view totals;

-- column public.stale.one
-- materialized-view public.stale
drop materialized view stale;

-- column public.remote.id
-- column-order public.remote
-- foreign-table public.remote
drop foreign table remote;

-- server far
-- user-mapping far.mg_rich_app
drop server far cascade;

-- subscription sub
drop subscription sub;

-- publication schemas
drop publication schemas;

-- domain public.positive
drop domain positive;

-- cast (public.floats AS public.floats_multirange)
-- function public.floats(double precision, double precision)
-- function public.floats(double precision, double precision, text)
-- function public.floats_multirange()
-- function public.floats_multirange(public.floats)
-- function public.floats_multirange(public.floats[])
-- range public.floats
drop type floats;

-- procedure public.tidy(integer)
drop procedure tidy(int);

-- aggregate app.longest(text)
drop aggregate app.longest(text);

-- operator-class public.pair_class(btree)
-- operator-family public.pair_ops(btree)
drop operator class pair_class using btree;

-- operator-family public.pair_ops(btree)
drop operator family pair_ops using btree;

-- operator public.===(public.pair, public.pair)
drop operator === (pair, pair);

-- column public.event_notes.at
-- column public.event_notes.kind
-- column-order public.event_notes
-- constraint public.event_notes.event_notes_at_kind_fkey
-- table public.event_notes
drop table event_notes;

-- column public.orders.\"Odd \"\"name\"
-- column public.orders.amount
-- column public.orders.id
-- column public.orders.json
-- column public.orders.period
-- column public.orders.status
-- column public.orders.user_id
-- column-order public.orders
-- constraint public.ghosts.ghosts_id_fkey
-- constraint public.orders.orders_amount_check
-- constraint public.orders.orders_json_check
-- constraint public.orders.orders_period_excl
-- constraint public.orders.orders_pkey
-- constraint public.orders.orders_status_check
-- index public.orders_amount_key
-- index public.orders_period_excl
-- index public.orders_pkey
-- index public.users_status_idx
-- publication-table parts.public.orders
-- table public.orders
drop table orders cascade;
