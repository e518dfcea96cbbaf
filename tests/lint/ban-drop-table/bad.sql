DROP TABLE a; -- found
DROP TABLE IF EXISTS s.a; -- found
