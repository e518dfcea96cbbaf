-- measured.sql - what measure.sql has noted, a line of JSON for each migration
select json_build_object('name', t.migration, 'wal', t.wal, 'spent', t.spent,
    'rows_read', t.read, 'rows_written', t.written,
    'locks', coalesce(l.locks, '[]'), 'rewrites', coalesce(r.rewrites, '[]'))
from (select migration, sum(wal) as wal, sum(spent) as spent,
	sum(read) as read, sum(written) as written
    from _mg_test.transactions group by migration) t
left join (select migration, json_agg(json_build_object('table', name, 'mode',
	mode, 'ms', ms) order by mode, name) as locks
    from (select migration, name, mode,
	round(sum(ms)::numeric, 1) as ms
	from _mg_test.locks group by migration, name, mode) each
    group by migration) l using (migration)
left join (select migration, json_agg(distinct name) as rewrites
    from _mg_test.rewrites group by migration) r using (migration);
