CREATE TABLE a (id int, b int);
CREATE INDEX i ON a (b); -- found
CREATE INDEX j ON other (b) WHERE b > 0; -- found
DROP INDEX k; -- found
