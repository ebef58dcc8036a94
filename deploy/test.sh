#!/usr/bin/env bash
# Everything this machine can test. What it cannot is said, and fails where CI=true.
set -euo pipefail
"$(dirname "$0")/check.sh"
"$(dirname "$0")/kafka/prepare.sh"
"$(dirname "$0")/interop/prepare.sh"
echo "== properties of the engines"
"$BIN/python" -m pytest -n 2 tests/properties
echo "== integration, on both log engines"
# The logs' own suite mostly waits (for brokers, for members to be taken for dead): it runs beside the rest.
logs_said=$(mktemp)
"$BIN/python" -m pytest tests/integration/log > "$logs_said" 2>&1 & logs=$!
"$BIN/python" -m pytest tests/integration --ignore tests/integration/log && rest=0 || rest=$?
wait $logs && logs=0 || logs=$?
cat "$logs_said"
rm -f "$logs_said"
((logs == 0 && rest == 0))
echo "== interop: other people's validators"
"$BIN/python" -m pytest tests/interop
echo "== end to end"
"$BIN/python" -m pytest tests/e2e
echo "== chaos, short"
"$BIN/python" -m pytest tests/chaos
