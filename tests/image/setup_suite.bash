# setup_suite.bash - the servers of the other tests serve these, too

# shellcheck source=tests/setup_suite.bash
. "${BASH_SOURCE[0]%/*}/../setup_suite.bash"
