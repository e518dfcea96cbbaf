ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0); -- found
ALTER TABLE a ADD COLUMN d int CHECK (d > 0); -- found
