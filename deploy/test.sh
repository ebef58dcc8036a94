#!/usr/bin/env bash
# Everything this machine can test. What it cannot is said, and fails where CI=true.
set -euo pipefail
"$(dirname "$0")/check.sh"
"$(dirname "$0")/kafka/prepare.sh"
"$(dirname "$0")/interop/prepare.sh"
echo "== properties of the engines"
"$BIN/python" -m pytest -n 2 tests/properties
echo "== integration, on both log engines"
"$BIN/python" -m pytest tests/integration
echo "== interop: other people's validators"
"$BIN/python" -m pytest tests/interop
echo "== end to end"
"$BIN/python" -m pytest tests/e2e
echo "== chaos, short"
"$BIN/python" -m pytest tests/chaos
