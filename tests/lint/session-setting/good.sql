SET LOCAL lock_timeout = '5s';
SET statement_timeout = 0;
UPDATE a SET b = 1 WHERE c;
RESET statement_timeout;
SET search_path = x;
SET ROLE owner;
RESET ALL;
