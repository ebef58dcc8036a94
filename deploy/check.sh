#!/usr/bin/env bash
# The fast inner loop. Each step is named; the first that fails ends it.
set -euo pipefail
unset PYTHONDONTWRITEBYTECODE  # compiling the tests anew takes as long as half of them
step() { echo "== $1"; shift; "$@"; }
step "format" "$BIN/ruff" format --check --quiet .
step "lint" "$BIN/ruff" check --quiet .
# Types take longest; they are checked beside the tests.
"$BIN/mypy" --no-error-summary > .mypy_cache.log 2>&1 & types=$!
step "import rules" "$BIN/lint-imports" >/dev/null || { "$BIN/lint-imports"; kill $types; exit 1; }
# The contract tests also say whether what is published is what the code says. The fuzzer's plugin
# takes seconds to load and is of no use here.
step "unit, contract and architecture tests" "$BIN/python" -m pytest -n 2 --dist worksteal \
  -p no:schemathesis tests/unit tests/contract tests/architecture
echo "== types"
wait $types || { cat .mypy_cache.log; exit 1; }
rm -f .mypy_cache.log
