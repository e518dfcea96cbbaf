#!/usr/bin/env bats
# url: Prisma's DATABASE_URL as libpq keywords

load helper/common

# settings URL: what url_read makes of it, see url/settings.c; the driver
# also checks that libpq knows each keyword
settings() {
	"${DRIVERS:-$ROOT/build/tests}/url/settings" "$@"
}

# reads URL LINE...: each line is among the settings; '!LINE' is not, where
# LINE may be a beginning
reads() {
	local line output
	output=$(settings "$1") || return
	shift
	for line; do
		case $line in
		!*)	! grep -q "^${line#!}" <<<"$output" ;;
		*)	grep -qxF -e "$line" <<<"$output" ;;
		esac || {
			printf 'want: %s\n got: %s\n' "$line" "$output" >&2
			return 1
		}
	done
}

# warns URL MESSAGE: the only warning
warns() {
	is "warning: database URL: $2" "$(settings "$1" | grep ^warning)"
}

# silent URL: no warning at all
silent() {
	is '' "$(settings "$1" | grep ^warning)"
}

# refuses URL MESSAGE
refuses() {
	fails 2 "database URL: $2" settings "$1"
}

encode='; in the password write # ? / @ as %23 %3F %2F %40'
stray="P1013: there is an @ behind the host$encode"
port="P1013: the port is not a number$encode"
db=postgresql://u:p@h/db

# api_key JSON: in base64url
api_key() {
	printf %s "$1" | base64 -w0 | tr +/ -_ | tr -d =
}

@test "a whole URL gives every part" {
	is 'password=p
user=u
host=h
port=5433
dbname=db
connect_timeout=5
sslmode=prefer
schema: s' "$(settings 'postgresql://u:p@h:5433/db?schema=s')"
}

@test "both schemes are read, in lower case only" {
	reads postgres://h/db dbname=db
	reads postgresql://h/db dbname=db
	for url in PostgreSQL://h/db mysql://h/db 'host=h dbname=db' db \
	    postgresql:h ' postgresql://h/db' https://h; do
		refuses "$url" 'P1012: it must look like postgresql://user:password@host:5432/database'
	done
}

@test "an empty URL is P1012" {
	refuses '' 'P1012: it is empty'
}

@test "what Prisma has a default for never comes from the environment" {
	reads postgresql:// host=localhost port=5432 dbname=postgres \
	    sslmode=prefer connect_timeout=5
	reads postgresql:///db host=localhost dbname=db
	reads 'postgresql://?schema=s' host=localhost 'schema: s'
	reads postgresql://h dbname=postgres
	reads postgresql://h/ dbname=postgres
	reads postgresql://h:/db port=5432
}

@test "what Prisma has no default for is left to the environment" {
	reads postgresql://h/db !user !password !sslrootcert !sslcert \
	    !application_name !options !channel_binding !schema !pooled
	reads postgresql://u@h/db user=u !password
	reads postgresql://u:@h/db user=u !password
	reads postgresql://:p@h/db !user password=p
}

@test "user and password are percent-decoded" {
	reads 'postgresql://u%40x:p%3a%2F%23@h/db' user=u@x password=p:/#
	reads postgresql://%E2%82%AC:%c3%a9@h/db user=€ password=é
	reads postgresql://ü:é+@h/db user=ü password=é+
}

@test "what does not decode to UTF-8 stays raw, as does a stray percent" {
	reads 'postgresql://u%:p%FF%41@h/db' user=u% password=p%FF%41
	reads 'postgresql://u%4:100%zz@h/db' user=u%4 password=100%zz
	reads 'postgresql://u:a%00b@h/db' password=a%00b
}

@test "the last @ ends the password, which may hold @ : [ and spaces" {
	reads 'postgresql://u:a@b:c[d e@h/db' user=u 'password=a@b:c[d e' host=h
}

@test "a raw # ? or / in the password is P1013, not another host" {
	refuses 'postgresql://u:se#cret@h/db' "$stray"
	refuses 'postgresql://u:se?cret@h/db' "$stray"
	refuses 'postgresql://u:se/cret@h/db' "$stray"
	for c in '#' '?' /; do
		refuses "postgresql://u:12${c}34@h/db" "$stray"
		refuses "postgresql://u:p@ss${c}word@h/db" "$stray"
		refuses "postgresql://u:12${c}a=b@h/db" "$stray"
	done
	refuses 'postgresql://u:secret#' "$port"
}

@test "an @ is welcome in a parameter" {
	reads 'postgresql://u:p@h/db?application_name=me@home' \
	    application_name=me@home
}

@test "a port is a number of at most 65535" {
	for url in h:x h:99999 h:-1 h:5432x '[::1]x' ::1 u:secret; do
		refuses "postgresql://$url/db" "$port"
	done
}

@test "an IPv6 address stands in brackets" {
	reads 'postgresql://u:p@[2001:db8::1]:5433/db' host=2001:db8::1 port=5433
	reads 'postgresql://[fe80::1%25eth0]/db' host=fe80::1%eth0 port=5432
	refuses 'postgresql://[::1/db' 'P1013: a host is empty or lacks its ]'
}

@test "several hosts keep their ports" {
	reads 'postgresql://u:p@h1:1,h2,[::1]:3/db' host=h1,h2,::1 port=1,5432,3
	refuses postgresql://h1,,h2/db 'P1013: a host is empty or lacks its ]'
	refuses postgresql://h1,/db 'P1013: a host is empty or lacks its ]'
}

@test "the host parameter wins, be it a host or a socket directory" {
	reads 'postgresql://u:p@h:5433/db?host=/run/x' host=/run/x port=5433
	reads 'postgresql://h/db?host=other' host=other
	reads 'postgresql://u@/db?host=%2Frun%2Fx' user=u host=/run/x dbname=db
	reads 'postgresql:///db?host=/run/x' host=/run/x
	reads postgresql://%2Frun%2Fx/db host=/run/x
}

@test "no host behind an @ is P1013" {
	for url in postgresql://u@/db postgresql://u:p@:5432/db \
	    postgresql://:5432/db 'postgresql://h/db?host='; do
		refuses "$url" 'P1013: no host; a socket is ?host=/directory'
	done
}

@test "the first part of the path is the database, decoded" {
	reads postgresql://h/a%20b%2Fc 'dbname=a b/c'
	reads postgresql://h/a+b dbname=a+b
	warns postgresql://h/db/more 'what follows the second / was dropped'
	reads postgresql://h/db/more dbname=db
}

@test "parameters are decoded as a form" {
	reads "$db?schema=a+b%2Bc%26&application_name=x=y" \
	    'schema: a b+c&' application_name=x=y
	reads "$db?sch%65ma=s" 'schema: s'
	warns "$db?a+b=c" 'a parameter is not known and was dropped'
	refuses "$db?schema=%FF" 'P1013: a parameter is not UTF-8'
	refuses "$db?schema=%00" 'P1013: a parameter is not UTF-8'
}

@test "the fragment is dropped" {
	reads "$db?schema=s#t" 'schema: s'
	reads "$db#t" dbname=db
	reads postgresql://h#t host=h
}

@test "white space at the end is forgiven" {
	reads "$db"$' \r\n' dbname=db
	reads "$db?schema=s"$'\n' 'schema: s'
}

@test "of a parameter given twice the last counts" {
	reads "$db?schema=a&schema=b" 'schema: b'
}

@test "an empty query is none" {
	reads "$db?" dbname=db
	silent "$db?&&"
}

@test "connect_timeout is 5, or what is given; 0 waits for ever" {
	reads "$db" connect_timeout=5
	reads "$db?connect_timeout=30" connect_timeout=30
	reads "$db?connect_timeout=0" connect_timeout=0
}

@test "pgbouncer=true says that a pooler is in between" {
	reads "$db?pgbouncer=true" pooled
	reads "$db?pgbouncer=false" !pooled
	refuses "$db?pgbouncer=yes" 'P1013: pgbouncer must be true|false'
}

@test "application_name, channel_binding and options are kept" {
	reads "$db?application_name=a&channel_binding=require" \
	    application_name=a channel_binding=require
	reads "$db?options=-c+work_mem%3D1MB" 'options=-c work_mem=1MB'
	refuses "$db?channel_binding=x" \
	    'P1013: channel_binding must be disable|prefer|require'
}

@test "the pool's parameters are dropped without a word" {
	for name in connection_limit pool_timeout socket_timeout \
	    statement_cache_size max_connection_lifetime \
	    max_idle_connection_lifetime; do
		is "$(settings "$db")" "$(settings "$db?$name=10")"
	done
	is "$(settings "$db")" "$(settings "$db?single_use_connections=true")"
}

@test "a parameter that must be a number is P1013 if it is none" {
	for name in connect_timeout connection_limit pool_timeout \
	    socket_timeout statement_cache_size max_connection_lifetime \
	    max_idle_connection_lifetime keepalives keepalives_idle \
	    keepalives_interval keepalives_count tcp_user_timeout; do
		for value in ten '' -1 1.5 12345678901; do
			refuses "$db?$name=$value" \
			    "P1013: $name must be a number"
		done
	done
}

@test "libpq's parameters for several hosts and dead peers are kept" {
	for setting in target_session_attrs=read-write keepalives=1 \
	    keepalives_idle=10 keepalives_interval=5 keepalives_count=3 \
	    tcp_user_timeout=9; do
		reads "$db?$setting" "$setting"
		silent "$db?$setting"
	done
	refuses "$db?target_session_attrs=x" 'P1013: target_session_attrs must be any|read-write|read-only|primary|standby|prefer-standby'
}

@test "an unknown parameter is dropped, and named without its value" {
	for name in statement_timeout uselibpqcompat foo; do
		warns "$db?$name=secret" "$name is not known and was dropped"
	done
	warns "$db?Se-cret" 'a parameter is not known and was dropped'
}

@test "no parameter replaces a part of the URL, but host" {
	for name in user password dbname port hostaddr service passfile; do
		reads "$db?$name=x" user=u password=p dbname=db port=5432 \
		    "!$name=x"
		warns "$db?$name=x" "$name is not known and was dropped"
	done
}

@test "an empty schema or file name is P1013" {
	for name in schema sslcert sslkey sslrootcert; do
		refuses "$db?$name=" "P1013: $name must be not empty"
	done
}

@test "every sslmode of libpq is kept" {
	for mode in disable allow prefer require verify-ca verify-full; do
		reads "$db?sslmode=$mode" sslmode=$mode
		silent "$db?sslmode=$mode"
	done
}

@test "an unknown sslmode is refused, not read as prefer" {
	for mode in '' no-verify REQUIRE 'disable|allow'; do
		refuses "$db?sslmode=$mode" 'P1013: sslmode must be disable|allow|prefer|require|verify-ca|verify-full'
	done
}

@test "sslaccept, other than accept_invalid_certs, is verify-full" {
	reads "$db?sslaccept=strict&sslcert=ca.pem" sslmode=verify-full \
	    sslrootcert=ca.pem !warning
	reads "$db?sslaccept=anything&sslmode=require" sslmode=verify-full
	reads "$db?sslaccept=accept_invalid_certs" sslmode=prefer !warning
	reads "$db?sslaccept=accept_invalid_certs&sslmode=require" \
	    sslmode=require !warning
	warns "$db?sslaccept=strict" 'sslaccept needs a root certificate: name its file as sslcert, or put it into ~/.postgresql/root.crt'
	warns "$db?sslaccept=strict&sslmode=disable" \
	    'sslaccept was dropped: sslmode=disable'
	reads "$db?sslaccept=strict&sslmode=disable" sslmode=disable
}

@test "sslcert is the root certificate, which is then used" {
	reads "$db?sslmode=require&sslcert=ca.pem" sslrootcert=ca.pem \
	    sslmode=verify-ca !sslcert
	reads "$db?sslcert=ca.pem" sslmode=verify-ca
	reads "$db?sslmode=verify-full&sslcert=ca.pem" sslmode=verify-full
	reads "$db?sslmode=disable&sslcert=ca.pem" sslmode=disable
	warns "$db?sslcert=ca.pem" \
	    'sslmode was read as verify-ca: there is a root certificate'
	warns "$db?sslcert=ca.pem&sslaccept=accept_invalid_certs" \
	    'the root certificate was dropped: sslaccept=accept_invalid_certs'
	reads "$db?sslcert=ca.pem&sslaccept=accept_invalid_certs" \
	    !sslrootcert sslmode=prefer
	reads "$db?sslcert=c&sslaccept=accept_invalid_certs&sslmode=verify-ca" \
	    sslrootcert=c sslmode=verify-ca
}

@test "with an sslkey, sslcert is the client's certificate" {
	url="$db?sslcert=c&sslkey=k&sslpassword=s&sslrootcert=r&sslmode=verify-ca"
	reads "$url" sslcert=c sslkey=k sslpassword=s sslrootcert=r
	warns "$url" \
	    "sslcert was read as the client's certificate: there is an sslkey"
}

@test "sslrootcert passes, unless sslcert names the root" {
	reads "$db?sslrootcert=r&sslmode=verify-full" sslrootcert=r !warning
	warns "$db?sslrootcert=r&sslcert=c&sslmode=verify-ca" \
	    'sslrootcert was dropped: sslcert names the root certificate'
	reads "$db?sslrootcert=r&sslcert=c" sslrootcert=c
}

@test "sslpassword is dropped without an sslkey" {
	reads "$db?sslpassword=secret" !sslpassword
	warns "$db?sslpassword=secret" \
	    'sslpassword was dropped: there is no sslkey'
}

@test "sslidentity is refused, with the way out" {
	refuses "$db?sslidentity=id.p12&sslpassword=secret" 'sslidentity cannot be used; split its file with openssl pkcs12 -nodes -in FILE -out PEM, then write sslcert=PEM&sslkey=PEM, and the root as sslrootcert'
}

@test "the way out of sslidentity is one" {
	sandbox
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=u \
	    -keyout key -out cert 2>/dev/null
	openssl pkcs12 -export -inkey key -in cert -passout pass:s -out FILE
	openssl pkcs12 -nodes -in FILE -out PEM -passin pass:s
	is "$(openssl x509 -in cert -noout -serial)" \
	    "$(openssl x509 -in PEM -noout -serial)"
	is "$(openssl pkey -in key)" "$(openssl pkey -in PEM)"
}

@test "the URL inside that of prisma dev is read" {
	inner='postgres://u:p@localhost:51214/template1?sslmode=disable&connection_limit=1&connect_timeout=0&single_use_connections=true&schema=é'
	key=$(api_key "{\"name\":\"default\",\"databaseUrl\":\"$inner\"}")
	for outer in "localhost:51213/?api_key=$key" \
	    "127.0.0.1:51213/?x=1&api_key=$key&y=2" "[::1]:1/?api_key=$key==" \
	    "localhost/?api_key=$key%3D"; do
		is "$(settings "$inner")" \
		    "$(settings "prisma+postgres://$outer")"
	done
}

@test "a key of any length is decoded" {
	for name in d de def; do
		key=$(api_key "{\"name\":\"$name\",\"databaseUrl\":\"$db\"}")
		is "$(settings "$db")" \
		    "$(settings "prisma+postgres://localhost/?api_key=$key")"
	done
}

@test "a URL of prisma dev without a URL inside is refused" {
	for json in '{}' '[]' '{"databaseUrl":1}' 'no json' ''; do
		refuses "prisma+postgres://localhost/?api_key=$(api_key "$json")" \
		    'P1013: its api_key has no databaseUrl'
	done
	refuses prisma+postgres://localhost/ \
	    'P1013: its api_key has no databaseUrl'
	key=$(api_key '{"databaseUrl":"prisma+postgres://localhost/"}')
	refuses "prisma+postgres://localhost/?api_key=$key" \
	    'P1012: it must look like postgresql://user:password@host:5432/database'
}

@test "URLs of Prisma's services are refused" {
	for url in prisma://accelerate.example/?api_key=x \
	    prisma+postgres://accelerate.example/?api_key=x \
	    prisma+postgres://localhost.example/?api_key=x \
	    prisma+postgres://local/?api_key=x \
	    prisma+postgres:///?api_key=x; do
		refuses "$url" 'P1012: it leads to a service, not to PostgreSQL; give the postgresql:// URL of the database itself'
	done
}

@test "blanking leaves the scheme alone" {
	is postgresql://....... "$(settings --blank postgresql://u:p@h/d)"
	is prisma+postgres://.. "$(settings --blank prisma+postgres://xy)"
	is ................ "$(settings --blank 'password=x://y z')"
	is '' "$(settings --blank '')"
}
