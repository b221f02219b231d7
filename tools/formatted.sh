#!/bin/sh
# Fails and names the files that gofmt or templ fmt would change.
set -eu
unformatted=$(git ls-files --cached --others --exclude-standard '*.go' | while read -r file; do [ -f "$file" ] && gofmt -l "$file"; done)
if [ -n "$unformatted" ]; then
	echo "Run gofmt -w on:" >&2
	echo "$unformatted" >&2
	exit 1
fi
go tool -modfile=tools/go.mod templ fmt -fail views
