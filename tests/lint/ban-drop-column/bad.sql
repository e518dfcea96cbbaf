ALTER TABLE a ADD COLUMN c int,
    DROP COLUMN b, -- found
    DROP COLUMN IF EXISTS d; -- found
