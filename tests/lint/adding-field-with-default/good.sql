CREATE TABLE a (b int);
ALTER TABLE a ADD COLUMN c uuid DEFAULT gen_random_uuid();
ALTER TABLE old ADD COLUMN b int DEFAULT -1,
    ADD COLUMN c timestamp DEFAULT CURRENT_TIMESTAMP,
    ADD COLUMN d timestamp DEFAULT now() + interval '1 day',
    ADD COLUMN e jsonb DEFAULT '{}';
ALTER TABLE old ALTER COLUMN f SET DEFAULT gen_random_uuid();
