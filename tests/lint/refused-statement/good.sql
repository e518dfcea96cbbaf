PREPARE a AS SELECT 1;
DISCARD PLANS;
SET standard_conforming_strings = on;
