CREATE TABLE parent (b int) PARTITION BY RANGE (b);
CREATE TABLE plain (b int);
