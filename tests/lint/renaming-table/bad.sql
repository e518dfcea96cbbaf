ALTER TABLE a RENAME TO b; -- found
