CREATE TABLE a (name varchar(10), n numeric(10, 2), at timestamp(3),
    list varchar(10)[]);
ALTER TABLE a ADD COLUMN code text;
