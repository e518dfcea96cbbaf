PREPARE TRANSACTION 'a'; -- found
DISCARD ALL; -- found
SET standard_conforming_strings = off; -- found
