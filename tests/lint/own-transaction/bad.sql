UPDATE a SET b = 1 WHERE c;
COMMIT; -- found
UPDATE a SET b = 2 WHERE d;
