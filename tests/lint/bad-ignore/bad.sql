-- mg-lint: ignore missing-where -- found
UPDATE a SET b = 1;
-- mg-lint: ignore no-such-rule because we like it -- found
-- mg-lint: please -- found
-- mg-lint: ignore ban-drop-table because it is empty -- found
SELECT 1;
