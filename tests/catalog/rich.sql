-- rich.sql - a database with some of everything that mg-catalog(1) lists
--
-- For psql and PostgreSQL 14 or newer, run by a superuser where the roles
-- mg_rich_owner and mg_rich_app exist.

select current_setting('server_version_num')::int >= 150000 as v15,
    current_setting('server_version_num')::int >= 170000 as v17,
    current_setting('server_version_num')::int >= 180000 as v18 \gset

set client_min_messages = error;

--
-- Schemas, extensions, types
--

create schema app authorization mg_rich_owner;
create schema "odd "".schema";
create schema gone;
comment on schema app is 'the application''s own';
grant usage on schema app to mg_rich_app;

create extension citext schema app;
create extension hstore;

create type mood as enum ('sad', 'ok', 'happy');
create type "Level" as enum ('LOW', 'HIGH');
comment on type mood is 'how one feels';
create type pair as (x int, y text collate "C");
comment on column pair.x is 'the first';
create domain positive as int default 1 not null check (value > 0);
create domain code as varchar(8) collate "C"
    constraint code_upper check (value = upper(value));
comment on constraint code_upper on domain code is 'as the printers want it';
create type floats as range (subtype = float8, subtype_diff = float8mi);
create type later;

create type base;
create function base_in(cstring) returns base
    language internal immutable strict as 'int4in';
create function base_out(base) returns cstring
    language internal immutable strict as 'int4out';
create type base (input = base_in, output = base_out, like = int4,
    category = 'N', delimiter = ';');

create collation german (provider = libc, locale = 'C');
create collation loose (provider = icu, locale = 'und-u-ks-level2',
    deterministic = false);

--
-- Functions, operators, casts
--

create function add_one(a int, b int default 1) returns int
    language sql immutable parallel safe as 'select a + b';
create function add_one(a text) returns text
    language sql stable as $$ select a || 'one' $$;
create function touch() returns trigger language plpgsql
    security definer set search_path = app, public as $$
begin
	new.updated := now();
	return new;
end $$;
create function rows_of(n int) returns table (i int, label text)
    language sql rows 10 cost 5 as
    $$ select g, 'x' from generate_series(1, n) g $$;
create function on_ddl() returns event_trigger language plpgsql as
    'begin end';
create procedure tidy(inout n int) language plpgsql as 'begin n := n + 1; end';
create aggregate product(int) (sfunc = int4mul, stype = int, initcond = '1',
    combinefunc = int4mul, parallel = safe);
create aggregate app.longest(text) (sfunc = textcat, stype = text);
comment on function add_one(int, int) is 'adds';
grant execute on function add_one(text) to mg_rich_app;
revoke execute on function touch() from public;

create function pair_eq(pair, pair) returns bool
    language sql immutable as 'select $1.x = $2.x';
create operator === (function = pair_eq, leftarg = pair, rightarg = pair,
    commutator = ===, restrict = eqsel, join = eqjoinsel, hashes);
create function pair_cmp(pair, pair) returns int
    language sql immutable as 'select btint4cmp($1.x, $2.x)';
create operator family pair_ops using btree;
create operator class pair_class for type pair using btree
    family pair_ops as operator 3 ===, function 1 pair_cmp(pair, pair);
create function pair_to_int(pair) returns int
    language sql immutable as 'select $1.x';
create cast (pair as int) with function pair_to_int(pair) as assignment;
create cast (mood as text) with inout;
create conversion win for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;
create function pair_from(internal) returns internal
    language internal immutable as 'varchar_support';
create transform for text language plpgsql
    (from sql with function varchar_support(internal));
create access method heap2 type table handler heap_tableam_handler;

--
-- Tables
--

create table users (
	id bigint generated always as identity (start 100 increment 5),
	email app.citext not null,
	name text,
	bio text collate "C",
	mood mood not null default 'ok',
	score numeric(8,2) default 0.5,
	born date default '2001-02-03',
	seen timestamptz default '2001-02-03 04:05:06+00',
	updated timestamptz not null default now(),
	wait interval default '1 day 02:03',
	data jsonb default '{"json": ["a", 1]}',
	tags text[] default '{}',
	tag_list text[] default array[]::text[],
	code code,
	spare int default -1,
	full_name text generated always as (name || bio) stored,
	constraint users_pkey primary key (id),
	constraint users_email_key unique (email) deferrable initially deferred,
	constraint users_score_check check (score >= 0),
	constraint users_mood_check check (mood in ('sad', 'ok')) no inherit
) with (fillfactor = 80, autovacuum_enabled = false,
    toast.autovacuum_enabled = false);
alter table users alter bio set storage external,
    alter name set compression pglz, alter email set statistics 500,
    alter score set (n_distinct = 100);
comment on table users is 'people';
comment on column users.email is 'where to write';
comment on constraint users_pkey on users is 'by number';
alter table users owner to mg_rich_owner;
grant select, insert on users to mg_rich_app;
grant update (name, email) on users to mg_rich_app with grant option;
grant select on users to public;

create table orders (
	id serial primary key,
	user_id bigint not null,
	status varchar(20) not null default 'new',
	period tsrange,
	amount int check (amount in (1, 2, 3)),
	"Odd ""name" int,
	"json" int check ("json" > 0),
	constraint orders_user_fkey foreign key (user_id) references users
	    on delete cascade on update set null deferrable,
	constraint orders_status_check check (status in ('new', 'paid')),
	exclude using gist (period with &&) where (status <> 'new')
);
create table ghosts (id int references orders);
alter table ghosts add constraint ghosts_positive check (id > 0) not valid;
alter table orders replica identity full;
create unlogged table cache (k text primary key, v bytea);
alter table cache replica identity nothing;
create table typed of pair (x with options primary key);
create table logs2 (at timestamptz not null) using heap2;

create table events (
	at timestamptz not null,
	kind text not null default 'x',
	n int,
	primary key (at, kind)
) partition by range (at);
create table events_2001 partition of events
    for values from ('2001-01-01') to ('2002-01-01');
create table events_2002 partition of events
    for values from ('2002-01-01') to ('2003-01-01') partition by list (kind);
create table events_2002_x partition of events_2002 for values in ('x', 'y');
create table events_rest partition of events default;
create index events_n_idx on events (n);
alter table events add constraint events_n_check check (n > 0);
create table event_notes (at timestamptz, kind text,
    foreign key (at, kind) references events);

create table animals (name text not null, legs int default 4);
create table pets (owner text) inherits (animals);
create table wings (legs int default 2, feathers int) inherits (animals);

create sequence counter as smallint increment 2 minvalue -5 maxvalue 100
    start 3 cache 10 cycle owned by ghosts.id;
create sequence app.free;
grant usage on sequence app.free to mg_rich_app;

create table "odd "".schema"."Table, (x)" (
	"a.b" int primary key,
	"Été" text,
	"new
line" text default E'tab\t''quote"\\'
);
comment on column "odd "".schema"."Table, (x)"."a.b" is E'one\ntwo "three" \\';

--
-- Indexes and statistics
--

create index users_name_idx on users (name desc nulls last, lower(email::text))
    include (score) where mood <> 'sad';
create unique index users_code_key on users (code text_pattern_ops)
    with (fillfactor = 70);
create index users_data_idx on users using gin (data jsonb_path_ops);
create index users_bio_idx on users (bio collate "POSIX", score);
create index users_status_idx on orders (id)
    where status in ('new', 'paid', 'sent');
alter index users_name_idx alter column 2 set statistics 300;
alter table users cluster on users_bio_idx;
create unique index animals_name_key on animals (name);
alter table animals replica identity using index animals_name_key;
create statistics users_stats (dependencies, mcv) on name, mood from users;
alter statistics users_stats set statistics 77;
create statistics users_words on (lower(name)), (bio || 'x') from users;
comment on index users_name_idx is 'for the list';

--
-- Views, rules, triggers, policies
--

create view active with (security_barrier) as
    select u.id, u.name, u.email from users u where u.mood <> 'sad'
    with local check option;
alter view active alter column name set default 'nobody';
create view totals as
    select u.id, count(*) as orders, max(o.status) as last
    from users u join orders o on o.user_id = u.id
    where o.status in ('new', 'paid') group by u.id;
comment on view totals is 'per user';
comment on column totals.orders is 'how many';
create materialized view summary with (fillfactor = 90) as
    select mood, count(*) as n from users group by mood;
create unique index summary_key on summary (mood);
create materialized view stale as select 1 as one with no data;
create rule no_delete as on delete to cache do instead nothing;
create rule watch as on update to animals
    do also insert into logs2 values (now());
alter table animals disable rule watch;

create trigger users_touch before update of name, bio on users
    for each row when (old.name is distinct from new.name)
    execute function touch('a', 'b');
create trigger users_off after insert on users execute function touch();
alter table users disable trigger users_off;
create constraint trigger users_late after insert on users
    deferrable initially deferred for each row execute function touch();
create trigger events_touch before insert on events
    for each row when (new.n < 0) execute function touch();
alter table users enable always trigger users_touch;
comment on trigger users_touch on users is 'keeps updated';
create event trigger ddl on ddl_command_start
    when tag in ('DROP TABLE', 'CREATE TABLE') execute function on_ddl();

alter table users enable row level security;
alter table cache force row level security;
create policy own on users for update to mg_rich_app, mg_rich_owner
    using (name = current_user) with check (score > 0);
create policy strict on users as restrictive using (mood <> 'sad');

--
-- Text search, replication, foreign data, defaults
--

create text search dictionary words (template = simple, stopwords = english);
create text search configuration notes (copy = simple);
alter text search configuration notes
    alter mapping for asciiword with words, simple;
create text search template plain (lexize = dsimple_lexize, init = dsimple_init);
create text search parser split (start = prsd_start, gettoken = prsd_nexttoken,
    end = prsd_end, lextypes = prsd_lextype, headline = prsd_headline);

create publication everything for all tables with (publish = 'insert,update');
create publication parts for table only orders, ghosts;
\if :v15
create publication filtered for table animals (name, legs) where (legs > 2);
create publication schemas for tables in schema app;
create unique index orders_amount_key on orders (amount) nulls not distinct;
\endif
create subscription sub connection 'host=nowhere password=hunter2'
    publication other with (connect = false, slot_name = none);

create foreign data wrapper fake options (debug 'true');
create server far type 'x' version '2' foreign data wrapper fake
    options (host 'there', password 'hunter2', url 'http://me:hunter2@there');
create user mapping for mg_rich_app server far
    options (user 'me', password 'hunter2');
create user mapping for public server far;
create foreign table remote (id int options (column_name 'x') not null)
    server far options (table_name 'remote');
grant usage on foreign server far to mg_rich_app;

alter default privileges for role mg_rich_owner
    grant select on tables to mg_rich_app;
alter default privileges for role mg_rich_owner in schema app
    revoke execute on functions from public;
alter default privileges for role mg_rich_owner in schema app
    grant execute on functions to mg_rich_app;

--
-- What is not listed
--

create table _prisma_migrations (id varchar(36) primary key);
create table knex_migrations (id serial primary key, name text);

--
-- Rows
--

insert into animals values ('ant', 6), ('bee', 6), ('cat', 4);
insert into pets values ('rex', 4, 'me'), ('tom', 4, null);
insert into events values ('2001-05-05', 'x', 1), ('2002-05-05', 'y', 2);
insert into users (email, name, score) values ('a@b', 'A', 1.50), ('c@d', 'C', 2);
select setval('app.free', 42), nextval('orders_id_seq');
refresh materialized view summary;
