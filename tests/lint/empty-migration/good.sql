-- Nothing else.
SELECT 1;
