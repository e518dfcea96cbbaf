-- mg-lint: ignore missing-where because all are meant
UPDATE a SET b = 1;
DELETE FROM a; -- mg-lint: ignore missing-where because all are meant
-- mg-lint: ignore ban-drop-table, drop-cascade because it is empty
DROP TABLE a CASCADE;
/* -- mg-lint: this is no comment of its own */
SELECT '-- mg-lint: nor is this';
