#!/bin/sh
# batches.sh - a migration that changes many rows, some thousand at a time
# mg: idempotent
#
# Take it as the migration.sh of a migration, and write your own statement: of
# the rows behind the last that are not done yet it takes so many, and says which
# came last.  Each batch is a transaction of its own, so nobody waits for long;
# one that failed or was killed is run again, and goes on with what is not done.
set -eu
BATCH=5000
PAUSE=0.1

# change ID: a batch behind that one; says the last of it, or nothing
change() {
	psql -XqAt -v ON_ERROR_STOP=1 -v behind="$1" -v batch="$BATCH" <<'SQL'
WITH batch AS (
	SELECT id FROM orders WHERE total IS NULL AND id > :behind
	ORDER BY id LIMIT :batch FOR UPDATE
), changed AS (
	UPDATE orders SET total = price * amount FROM batch
	WHERE orders.id = batch.id RETURNING orders.id
)
SELECT max(id) FROM changed;
SQL
}

last=$(change 0)
while [ -n "$last" ]; do
	echo "up to $last"
	sleep "$PAUSE"
	last=$(change "$last")
done
