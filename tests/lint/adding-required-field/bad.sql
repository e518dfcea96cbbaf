ALTER TABLE a ADD COLUMN b int NOT NULL, -- found
    ADD COLUMN c int,
    ADD COLUMN d numeric(10, 2) NOT NULL; -- found
