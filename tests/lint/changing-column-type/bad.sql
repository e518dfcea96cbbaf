ALTER TABLE unknown ALTER COLUMN b TYPE bigint; -- found
ALTER TABLE a
    ALTER COLUMN name SET DATA TYPE varchar(5), -- found
    ALTER COLUMN code TYPE text USING upper(code), -- found
    ALTER COLUMN n TYPE numeric(12, 3), -- found
    ALTER COLUMN list TYPE text[]; -- found
