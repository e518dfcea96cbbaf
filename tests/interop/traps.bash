# traps.bash - a history of what breaks those who only know plain files

# traps: write it into the project; the data are the same wherever it runs
traps() {
	script 01_tables <<-'SQL'
		-- CreateEnum
		CREATE TYPE "Mood" AS ENUM ('sad', 'ok');

		-- CreateTable
		CREATE TABLE "User" (
		    "id" SERIAL NOT NULL,
		    "name" TEXT NOT NULL DEFAULT '; -- not a comment',
		    "mood" "Mood" NOT NULL DEFAULT 'ok',

		    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
		);
		CREATE TABLE log (line text);
	SQL
	script 02_add_value <<<"ALTER TYPE \"Mood\" ADD VALUE 'happy';"
	script 03_use_value <<-'SQL'
		ALTER TABLE "User" ALTER COLUMN "mood" SET DEFAULT 'happy';
		INSERT INTO "User" ("mood") VALUES ('happy'), ('sad');
	SQL
	script 04_add_values_with_more <<-'SQL'
		-- AlterEnum
		ALTER TYPE "Mood" ADD VALUE 'calm';
		ALTER TYPE "Mood" ADD VALUE 'angry' BEFORE 'sad';
		ALTER TABLE "User" ADD COLUMN "score" INTEGER;
	SQL
	script 05_own_transaction <<-'SQL'
		BEGIN;
		CREATE TYPE "Mood_new" AS ENUM ('sad', 'ok', 'happy', 'calm');
		ALTER TABLE "User" ALTER COLUMN "mood" DROP DEFAULT;
		ALTER TABLE "User" ALTER COLUMN "mood" TYPE "Mood_new"
		    USING ("mood"::text::"Mood_new");
		ALTER TYPE "Mood" RENAME TO "Mood_old";
		ALTER TYPE "Mood_new" RENAME TO "Mood";
		DROP TYPE "Mood_old";
		ALTER TABLE "User" ALTER COLUMN "mood" SET DEFAULT 'calm';
		COMMIT;
	SQL
	script 06_half_in_a_transaction <<-'SQL'
		CREATE TABLE before (x int);
		BEGIN;
		LOCK TABLE before IN ACCESS EXCLUSIVE MODE;
		INSERT INTO before VALUES (1);
		COMMIT;
		BEGIN; ALTER TABLE before ADD y int DEFAULT 2; END;
		CREATE TABLE after (x int);
	SQL
	script 07_commit_alone <<-'SQL'
		CREATE TABLE early (x int);
		COMMIT;
		CREATE TABLE late (x int);
	SQL
	script 08_rolled_back_inside <<-'SQL'
		CREATE TABLE gone (x int);
		ROLLBACK;
		CREATE TABLE kept (x int);
	SQL
	script 09_value_used_after_commit <<-'SQL'
		ALTER TYPE "Mood" ADD VALUE IF NOT EXISTS 'bored';
		COMMIT;
		INSERT INTO "User" ("mood") VALUES ('bored');
	SQL
	script 10_concurrently <<-'SQL'
		-- alone; or PostgreSQL refuses
		CREATE INDEX CONCURRENTLY IF NOT EXISTS "User_name_idx" ON "User" ("name");
		/* that was all */
	SQL
	script 11_reindex_concurrently <<<'REINDEX TABLE CONCURRENTLY "User"'
	script 12_vacuum <<<'VACUUM "User";'
	script 13_do_block <<-'SQL'
		DO $$
		DECLARE r record;
		BEGIN
		    FOR r IN SELECT 1 AS n LOOP
		        INSERT INTO log VALUES ('it''s; $1 here');
		    END LOOP;
		EXCEPTION WHEN undefined_table THEN
		    NULL; -- COMMIT;
		END $$;
	SQL
	script 14_functions <<-'SQL'
		CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
		BEGIN
		    INSERT INTO log VALUES ($x$ $$; END; COMMIT; $x$);
		    RETURN NEW;
		END;
		$body$;
		CREATE TRIGGER touch BEFORE UPDATE ON "User"
		    FOR EACH ROW EXECUTE FUNCTION touch();
		UPDATE "User" SET "score" = 1;
		CREATE FUNCTION one(a int) RETURNS int LANGUAGE sql
		BEGIN ATOMIC
		    SELECT CASE WHEN a > 0 THEN 1 ELSE 0 END;
		    SELECT 1;
		END;
		CREATE RULE log_no_delete AS ON DELETE TO log
		    DO INSTEAD (SELECT 1; SELECT 2;);
	SQL
	script 15_quoting <<-'SQL'
		/* ; /* nested ' */ COMMIT; " */
		INSERT INTO log VALUES ('C:\'), (E'it\'s; \\'), (U&'\0061;'),
		    ($$;$$), ('two'
		    ' parts;'); -- don't; "stop
		CREATE TABLE "a;""b" ("c;" text DEFAULT ';');
	SQL
	printf 'CREATE TABLE no_newline (x int);' | script 16_no_newline
	printf 'CREATE TABLE no_semicolon (x int)' | script 17_no_semicolon
	printf 'CREATE TABLE comment_last (x int); -- end' |
	    script 18_comment_last
	printf 'CREATE TABLE block_last (x int) /* ; */' |
	    script 19_block_comment_last
	printf 'CREATE TABLE crlf (\r\n  x int -- one\r\n);\r\nINSERT INTO log VALUES (%s);\r\n' \
	    $'\'a\r\nb\'' | script 20_crlf
	printf '' | script 21_empty
	printf -- '-- This is an empty migration.' | script 22_comment_only
	printf ' ;;\n\n;' | script 23_semicolons_only
	script 24_non_ascii <<-'SQL'
		-- 🚀 naïve; déjà vu
		CREATE TABLE "Économie" ("prix €" text DEFAULT '価格; 🎉');
		INSERT INTO "Économie" DEFAULT VALUES;
	SQL
	script '25_with a space copy' <<<'CREATE TABLE space (x int);'
	script "26_o'clock" <<<'CREATE TABLE clock (x int);'
	# shellcheck disable=SC2016 # it is a name, not a variable
	script '27_"quoted" \ $HOME' <<<'CREATE TABLE quoted (x int);'
	script 28_été <<<'CREATE TABLE summer (x int);'
	script 29_settings <<-'SQL'
		SET lock_timeout = '5s';
		SET LOCAL statement_timeout = '1min';
		CREATE TABLE settings AS SELECT current_setting('lock_timeout') AS lock,
		    current_setting('statement_timeout') AS statement;
	SQL
	script 30_isolation <<-'SQL'
		SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
		INSERT INTO log SELECT current_setting('transaction_isolation');
	SQL
	script 31_temporary <<-'SQL'
		CREATE TEMP TABLE doubles ON COMMIT DROP AS SELECT 1 AS x;
		SELECT x FROM doubles;
		INSERT INTO log SELECT 'temporary ' || x FROM doubles;
	SQL
	script 32_schema <<-'SQL'
		CREATE SCHEMA app;
		CREATE TABLE app.t (x int);
		CREATE VIEW v AS SELECT x FROM app.t;
		COMMENT ON VIEW v IS '@type(Int); kept';
	SQL
	script 33_drop_concurrently <<<'DROP INDEX CONCURRENTLY "User_name_idx";'
	script 34_savepoint <<-'SQL'
		START TRANSACTION;
		SAVEPOINT s;
		CREATE TABLE undone (x int);
		ROLLBACK TO SAVEPOINT s;
		CREATE TABLE done (x int);
		COMMIT AND CHAIN;
		CREATE TABLE chained (x int);
		COMMIT;
	SQL
}
