-- measure.sql - note what each migration took, in its own transaction
--
-- For a scratch database, before mg-apply runs there.  Whatever writes a
-- migration's row in the history does so right before its COMMIT, so a trigger
-- of that table sees all the locks, files and WAL of the migration.  What runs
-- outside of transactions has none there, and keeps nobody waiting.
\set ON_ERROR_STOP 1
set client_min_messages = warning;
set search_path = public;

create table if not exists _prisma_migrations (
	id varchar(36) primary key not null,
	checksum varchar(64) not null,
	finished_at timestamptz,
	migration_name varchar(255) not null,
	logs text,
	rolled_back_at timestamptz,
	started_at timestamptz not null default now(),
	applied_steps_count integer not null default 0
);

create schema _mg_test;

-- The tables that were there before the migration that is running.
create unlogged table _mg_test.before (
	oid oid primary key,
	name text not null,
	file oid,
	read bigint not null default 0,
	written bigint not null default 0
);

create unlogged table _mg_test.place (lsn pg_lsn);
insert into _mg_test.place values (null);

create unlogged table _mg_test.transactions (
	migration text not null,
	ms double precision not null,
	wal numeric not null,
	read numeric not null,
	written numeric not null
);

create unlogged table _mg_test.locks (
	migration text not null,
	name text not null,
	mode text not null,
	ms double precision not null
);

create unlogged table _mg_test.rewrites (
	migration text not null,
	name text not null
);

-- Of those that are locked, as the others nobody has touched: also what the
-- server's statistics have not heard of yet.
create function _mg_test.locked(out oid oid, out mode text, out read bigint,
    out written bigint) returns setof record language sql stable
    set search_path = pg_catalog as $$
	select l.relation, (array_agg(l.mode order by array_position(array[
		'AccessExclusiveLock', 'ExclusiveLock',
		'ShareRowExclusiveLock', 'ShareLock',
		'ShareUpdateExclusiveLock', 'RowExclusiveLock',
		'RowShareLock', 'AccessShareLock'], l.mode)))[1],
	    pg_stat_get_tuples_returned(l.relation) +
		pg_stat_get_xact_tuples_returned(l.relation),
	    pg_stat_get_tuples_inserted(l.relation) +
		pg_stat_get_xact_tuples_inserted(l.relation) +
		pg_stat_get_tuples_updated(l.relation) +
		pg_stat_get_xact_tuples_updated(l.relation) +
		pg_stat_get_tuples_deleted(l.relation) +
		pg_stat_get_xact_tuples_deleted(l.relation)
	from pg_locks l
	where l.pid = pg_backend_pid() and l.locktype = 'relation'
	    and l.granted and l.database = (select d.oid from pg_database d
		where d.datname = current_database())
	group by l.relation
$$;

-- What the next migration finds.
create function _mg_test.look() returns void language sql
    set search_path = pg_catalog as $$
	delete from _mg_test.before b
	where not exists (select from pg_class c where c.oid = b.oid);
	insert into _mg_test.before as b
	select c.oid, n.nspname || '.' || c.relname, c.relfilenode,
	    coalesce(l.read, 0), coalesce(l.written, 0)
	from pg_class c
	    join pg_namespace n on n.oid = c.relnamespace
	    left join _mg_test.locked() l on l.oid = c.oid
	where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't'
	    and n.nspname not in ('pg_catalog', 'information_schema',
		'_mg_test')
	    and c.relname <> '_prisma_migrations'
	on conflict (oid) do update set name = excluded.name,
	    file = excluded.file, read = greatest(b.read, excluded.read),
	    written = greatest(b.written, excluded.written)
	where b.name <> excluded.name or b.file <> excluded.file
	    or b.read < excluded.read or b.written < excluded.written;
	update _mg_test.place set lsn = pg_current_wal_insert_lsn();
$$;

create function _mg_test.note() returns trigger language plpgsql
    set search_path = pg_catalog as $$
declare
	ms double precision :=
	    extract(epoch from clock_timestamp() - now()) * 1000;
	wal numeric :=
	    pg_current_wal_insert_lsn() - (select lsn from _mg_test.place);
begin
	insert into _mg_test.transactions
	select new.migration_name, ms, wal,
	    coalesce(sum(greatest(l.read - b.read, 0)), 0),
	    coalesce(sum(greatest(l.written - b.written, 0)), 0)
	from _mg_test.before b join _mg_test.locked() l using (oid);
	insert into _mg_test.locks
	select new.migration_name, b.name, l.mode, ms
	from _mg_test.before b join _mg_test.locked() l using (oid);
	insert into _mg_test.rewrites
	select new.migration_name, b.name
	from _mg_test.before b join pg_class c using (oid)
	where c.relfilenode <> b.file;
	perform _mg_test.look();
	return null;
end
$$;

create trigger _mg_test after insert or update on _prisma_migrations
    for each row execute function _mg_test.note();

select _mg_test.look();

-- What others did before, such as a seed, is no migration's.
update _mg_test.before set read = pg_stat_get_tuples_returned(oid),
    written = pg_stat_get_tuples_inserted(oid) +
	pg_stat_get_tuples_updated(oid) + pg_stat_get_tuples_deleted(oid);
