CREATE INDEX CONCURRENTLY i ON parent (b); -- found
