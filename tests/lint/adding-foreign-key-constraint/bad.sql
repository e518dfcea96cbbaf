ALTER TABLE a
    ADD COLUMN c int,
    ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c (id), -- found
    ADD COLUMN d int REFERENCES c; -- found
