CREATE TABLE c (early int, late int, gone int,
    CONSTRAINT early_is CHECK (early IS NOT NULL),
    CONSTRAINT gone_is CHECK (gone IS NOT NULL));
ALTER TABLE c ADD CONSTRAINT late_is CHECK (late IS NOT NULL) NOT VALID;
ALTER TABLE c DROP CONSTRAINT gone_is;
