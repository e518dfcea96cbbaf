ALTER TYPE state ADD VALUE 'late';
COMMENT ON TYPE state IS 'late';
INSERT INTO a (s) VALUES ('early');
COMMIT;
INSERT INTO a (s) VALUES ('late');
