#!/usr/bin/env bash
# Find Java and Maven for the Apache Kafka suite, or install them where we may (root on Debian).
set -euo pipefail
missing=()
java_version=$(java -version 2>&1 | sed -nE 's/.*version "([0-9]+).*/\1/p' | head -n 1 || true)
[[ ${java_version:-0} -ge 17 ]] || missing+=(openjdk-17-jre-headless)
command -v mvn >/dev/null || missing+=(maven)
if ((${#missing[@]})) && [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
  echo "== installing ${missing[*]} for the Apache Kafka suite"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null && missing=()
fi
if ((${#missing[@]})); then
  echo "!! NOT TESTED: Apache Kafka (this machine lacks ${missing[*]})" >&2
  [[ ${CI:-} != true ]] || exit 1
fi
