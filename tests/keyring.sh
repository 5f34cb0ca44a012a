#!/usr/bin/env bash
#
# keyring.sh: the unit test of the keyring, with a database.  Prints TAP.
#
# TOP_SRCDIR comes from the Makefile.
set -euo pipefail
. "${TOP_SRCDIR:-.}/tests/cluster.sh"

DATABASE_URL="host=$dir user=tabel_app dbname=tabel" tests/unit/keyring
