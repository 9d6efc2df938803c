#!/bin/sh
set -e
if [ "$1" = "nginx" ]; then
  for f in $(find /docker-entrypoint.d -name '*.sh' | sort); do
    "$f"
  done
fi
exec "$@"
