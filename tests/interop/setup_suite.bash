# setup_suite.bash - the throw-away server that the other tests have, too

# shellcheck source=tests/setup_suite.bash
source "$(dirname "${BASH_SOURCE[0]}")/../setup_suite.bash"
