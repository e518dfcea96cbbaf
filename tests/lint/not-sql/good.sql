CREATE TABLE a (id int DEFAULT 1, path text DEFAULT '\i b.sql');
