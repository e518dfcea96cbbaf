CREATE TABLE a (during tsrange);
ALTER TABLE a ADD CONSTRAINT e EXCLUDE USING gist (during WITH &&);
