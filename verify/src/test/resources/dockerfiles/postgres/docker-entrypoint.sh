#!/usr/bin/env bash
set -Eeo pipefail
if [ "$1" = 'postgres' ]; then
	if [ "$(id -u)" = '0' ]; then
		mkdir -p "$PGDATA"
		chmod 00700 "$PGDATA"
		find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
		exec setpriv --reuid=postgres --regid=postgres --init-groups "$BASH_SOURCE" "$@"
	fi
	if [ ! -s "$PGDATA/PG_VERSION" ]; then
		initdb --username=postgres --auth=trust --no-sync > /dev/null
		echo 'host all all all trust' >> "$PGDATA/pg_hba.conf"
	fi
fi
exec "$@"
