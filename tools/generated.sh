#!/bin/sh
# Fails when generated code is not what its sources generate. It leaves the
# current code in place, ready to commit.
set -eu

generated() {
	find db views assets \( -name '*.sql.go' -o -name 'models.go' -o -name 'queries.go' -o -name '*_templ.go' -o -name '*_gen.go' -o -path 'assets/dist/*' \) -type f |
		LC_ALL=C sort | xargs sha256sum
}

before=$(generated)
go generate ./db ./views ./assets
if [ "$before" != "$(generated)" ]; then
	echo "Generated code was stale; it is current now: commit it." >&2
	exit 1
fi
