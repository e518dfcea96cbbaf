ALTER TYPE state ADD VALUE 'late';
ALTER TABLE a ALTER COLUMN s SET DEFAULT 'late'; -- found
INSERT INTO a (s) VALUES ('early');
UPDATE a SET s = 'late' WHERE true; -- found
