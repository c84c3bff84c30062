#!/usr/bin/env bash
# The database that version 1.0.0 left behind, in a MySQL: upgrade.sh with that server.
: "${SRC:?name the project root}"
SERVER=mysql exec bash "$SRC/tests/e2e/store/upgrade.sh"
