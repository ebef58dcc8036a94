#!/usr/bin/env bash
# The behaviour suites on the real images, then the story on the compose stack: on any Docker or
# Podman host. What this machine cannot do is said, and fails where CI=true.
#   RTCM_COMPOSE="podman-compose"   another Compose client than `docker compose`
set -euo pipefail
BIN=$(realpath "${BIN:-.venv/bin}")
cd "$(dirname "$0")/.."

not_run() {
  printf '\n==============================================================\n' >&2
  printf 'NOT TESTED: %s\n' "$*" >&2
  printf '==============================================================\n' >&2
  if [[ ${CI:-} == true ]]; then exit 1; fi
  exit 0
}

compose_client() {
  if [[ -n ${RTCM_COMPOSE:-} ]]; then echo "$RTCM_COMPOSE"
  elif docker compose version >/dev/null 2>&1; then echo "docker compose"
  elif podman compose version >/dev/null 2>&1; then echo "podman compose"
  elif command -v docker-compose >/dev/null; then echo "docker-compose"
  fi
}

"$BIN/python" -c 'import docker; docker.from_env().ping()' 2>/dev/null ||
  not_run "anything on containers: no Docker or Podman answers here (see DOCKER_HOST)"

echo "== the behaviour suites on the images of Apache Kafka and MongoDB"
"$BIN/python" -m pytest -s tests/containers

read -ra compose <<<"$(compose_client)"
((${#compose[@]})) || not_run "the compose stack: no Compose client here (docker compose, podman compose)"

# A stack of its own beside one that may run here: other name, directory and ports.
export COMPOSE_PROJECT_NAME=rtcm-test RTCM_MODE=demo
RTCM_COMPOSE_DATA=$PWD/var/test-containers
export RTCM_COMPOSE_DATA
read -ra ports <<<"$("$BIN/python" - <<'PY'
import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(8)]
print(*(one.getsockname()[1] for one in held))
PY
)"
export RTCM_COMPOSE_KAFKA_PORT=${ports[0]} \
  RTCM_COMPOSE_REGISTRATION_PORT=${ports[1]} RTCM_COMPOSE_SELECTION_PORT=${ports[2]} \
  RTCM_COMPOSE_SCHEDULING_PORT=${ports[3]} RTCM_COMPOSE_CERTIFICATION_PORT=${ports[4]} \
  RTCM_COMPOSE_NOTIFICATIONS_PORT=${ports[5]} RTCM_COMPOSE_PARTNERS_PORT=${ports[6]} \
  RTCM_COMPOSE_CONSOLE_PORT=${ports[7]}

remove_stack() {
  # What containers wrote belongs to their user: they remove it.
  "${compose[@]}" run --rm --no-deps -T keys sh -c 'rm -rf /data/keys /data/inside' || true
  "${compose[@]}" --profile story down --volumes --timeout 30 || true
  rm -rf "$RTCM_COMPOSE_DATA"
}

tell_why() {
  echo "== the stack failed; its last words" >&2
  "${compose[@]}" ps --all >&2 || true
  "${compose[@]}" logs --tail 40 >&2 || true
}

echo "== the compose stack"
mkdir -p "$RTCM_COMPOSE_DATA"
trap remove_stack EXIT
"${compose[@]}" build keys
"${compose[@]}" up --detach --wait --wait-timeout 600 || { tell_why; exit 1; }
"$BIN/rtcm" status --data "$RTCM_COMPOSE_DATA"

echo "== the story on it"
# Not every client passes on the exit code of what it ran: the story's own last act, its summary, counts.
"${compose[@]}" --profile story run --rm --no-deps -T story || { tell_why; exit 1; }
[[ -s $RTCM_COMPOSE_DATA/inside/summary.json ]] || { tell_why; exit 1; }
cat "$RTCM_COMPOSE_DATA/inside/summary.json"
