COMMIT; -- found
BEGIN;
BEGIN; -- found
COMMIT AND CHAIN;
ROLLBACK;
END; -- found
