TRUNCATE a, b CASCADE; -- found
