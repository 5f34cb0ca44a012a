#!/usr/bin/env bash
#
# catalogues.sh: every language has every key and every placeholder, and
# every key that pages and programs name is there.  Prints TAP.
set -euo pipefail

cd "${TOP_SRCDIR:-.}"
exec node tests/catalogues.mjs
