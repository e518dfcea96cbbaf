CREATE INDEX i ON a (b);
CREATE TABLE b (id int); -- found
ALTER TABLE a ADD CONSTRAINT u UNIQUE USING INDEX i; -- found
UPDATE a SET b = 1 WHERE c; -- found
COMMENT ON TABLE a IS 'b'; -- found
