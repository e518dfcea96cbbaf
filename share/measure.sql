-- measure.sql - note what each migration took, in its own transaction
--
-- For a scratch database, before mg-apply runs there.  Whatever writes a
-- migration's row in the history does so right before its COMMIT, so a trigger
-- of that table sees all the locks, files and WAL of the migration.  Since when
-- a lock is held nobody knows, but between which statements it came; for that,
-- superusers have event triggers.  What runs outside of transactions keeps
-- nobody waiting, and little is seen of its locks.
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

-- Where the log of the server was, when locks were looked for last, and the
-- time which that took.
create unlogged table _mg_test.place (
	lsn pg_lsn,
	seen timestamptz,
	spent interval not null
);
insert into _mg_test.place values (null, null, '0');

-- The locks of the transaction, and when they were not there yet.
create unlogged table _mg_test.held (
	oid oid not null,
	mode text not null,
	since timestamptz not null
);

create unlogged table _mg_test.transactions (
	migration text not null,
	wal numeric not null,
	spent double precision not null,
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
	update _mg_test.place
	set lsn = pg_current_wal_insert_lsn(), spent = '0';
$$;

create function _mg_test.see() returns void language plpgsql
    set search_path = pg_catalog as $$
declare
	began timestamptz := clock_timestamp();
	before timestamptz :=
	    greatest(now(), (select seen from _mg_test.place));
begin
	insert into _mg_test.held
	select l.relation, l.mode, before
	from pg_lock_status() l
	where l.pid = pg_backend_pid() and l.locktype = 'relation'
	    and l.granted
	    and exists (select from _mg_test.before b where b.oid = l.relation)
	    and not exists (select from _mg_test.held h
		where h.oid = l.relation and h.mode = l.mode);
	update _mg_test.place set seen = clock_timestamp(),
	    spent = spent + (clock_timestamp() - began);
end
$$;

-- A script may have taken on a role that may not do this.  Where nothing is
-- written yet, this must not either: DROP INDEX CONCURRENTLY has to be first.
create function _mg_test.see_statement() returns event_trigger
    language plpgsql security definer set search_path = pg_catalog as $$
begin
	if pg_current_xact_id_if_assigned() is not null then
		perform _mg_test.see();
	end if;
end
$$;

create function _mg_test.note() returns trigger language plpgsql
    security definer set search_path = pg_catalog as $$
declare
	at timestamptz := clock_timestamp();
	place _mg_test.place := (select p from _mg_test.place p);
begin
	perform _mg_test.see();
	insert into _mg_test.transactions
	select new.migration_name, pg_current_wal_insert_lsn() - place.lsn,
	    extract(epoch from place.spent) * 1000,
	    coalesce(sum(greatest(l.read - b.read, 0)), 0),
	    coalesce(sum(greatest(l.written - b.written, 0)), 0)
	from _mg_test.before b join _mg_test.locked() l using (oid);
	insert into _mg_test.locks
	select new.migration_name, b.name, l.mode,
	    extract(epoch from at - h.since) * 1000
	from _mg_test.before b join _mg_test.locked() l using (oid)
	    join _mg_test.held h using (oid, mode);
	insert into _mg_test.rewrites
	select new.migration_name, b.name
	from _mg_test.before b join pg_class c using (oid)
	where c.relfilenode <> b.file;
	delete from _mg_test.held;
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

do $$
begin
	if (select rolsuper from pg_roles where rolname = current_user) then
		create event trigger _mg_test_start on ddl_command_start
		    execute function _mg_test.see_statement();
		create event trigger _mg_test_end on ddl_command_end
		    execute function _mg_test.see_statement();
	end if;
end
$$;
