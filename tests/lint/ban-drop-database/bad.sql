DROP DATABASE a; -- found
