CREATE INDEX i ON a (b); -- found
CREATE UNIQUE INDEX ON s.a (b); -- found
CREATE INDEX k ON parent (b); -- found
