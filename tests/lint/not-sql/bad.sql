CREATE TABLE a (id int);
\i b.sql -- found
