UPDATE a SET b = 1; -- found
DELETE FROM a; -- found
