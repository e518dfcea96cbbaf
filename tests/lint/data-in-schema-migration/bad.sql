ALTER TABLE a ADD COLUMN c int;
UPDATE a SET c = b; -- found
DELETE FROM b WHERE c; -- found
INSERT INTO a SELECT * FROM b; -- found
TRUNCATE c; -- found
