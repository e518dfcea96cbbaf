SET lock_timeout = '5s'; -- found
SET SESSION statement_timeout TO 0; -- found
SET ROLE owner; -- found
