#!/usr/bin/env bash
# Find the outsiders that judge our pages, documents and credentials (a browser, Node.js, a reader of
# signed PDFs), or install them where we may (root on Debian). Tests name what is not here.
set -euo pipefail
missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing+=(chromium)
command -v npm >/dev/null || missing+=(nodejs npm)
command -v pdfsig >/dev/null || missing+=(poppler-utils)
if ((${#missing[@]})) && [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
  echo "== installing ${missing[*]} for the tests by outsiders"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null && missing=()
fi
if ((${#missing[@]})); then
  echo "!! NOT TESTED: what needs ${missing[*]} (this machine lacks them)" >&2
  [[ ${CI:-} != true ]] || exit 1
fi
if command -v npm >/dev/null; then
  npm ci --prefix "$(dirname "$0")/../../tests/interop" --no-audit --no-fund --ignore-scripts --silent
fi
