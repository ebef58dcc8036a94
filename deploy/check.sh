#!/usr/bin/env bash
# The fast inner loop. Each step is named; the first that fails ends it.
set -euo pipefail
step() { echo "== $1"; shift; "$@"; }
step "format" "$BIN/ruff" format --check --quiet .
step "lint" "$BIN/ruff" check --quiet .
# Types take longest; they are checked beside the tests.
"$BIN/mypy" --no-error-summary > .mypy_cache.log 2>&1 & types=$!
step "import rules" "$BIN/lint-imports" >/dev/null || { "$BIN/lint-imports"; kill $types; exit 1; }
step "published contracts" "$BIN/python" -m contracts.publish --check
step "unit, contract and architecture tests" "$BIN/python" -m pytest -n 2 tests/unit tests/contract tests/architecture
echo "== types"
wait $types || { cat .mypy_cache.log; exit 1; }
rm -f .mypy_cache.log
