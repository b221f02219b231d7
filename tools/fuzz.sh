#!/bin/sh
# Runs every fuzz target of the repository for a while each, one after the other. A finding
# is kept under testdata/fuzz, where the ordinary tests run it from then on.
#
#   sh tools/fuzz.sh [TIME [PATTERN]]    TIME is 60s, PATTERN matches package/Target
set -eu
time=${1:-60s}
pattern=${2:-.}

# Each package's targets stand before the line that names it.
listed=$(go test -list '^Fuzz' ./...)
targets=$(printf '%s\n' "$listed" | awk '
	/^Fuzz/ { names[++n] = $1 }
	/^ok/ { for (i = 1; i <= n; i++) print $2 "/" names[i]; n = 0 }' | grep -E -- "$pattern") || {
	echo "No fuzz target matches $pattern." >&2
	exit 1
}

found=""
for target in $targets; do
	echo "== $target"
	# Seeds and earlier findings come first; of the ordinary tests none runs.
	go test -run '^$' -fuzz "^${target##*/}\$" -fuzztime "$time" "${target%/*}" || found="$found $target"
done
if [ -n "$found" ]; then
	echo "Findings in:$found" >&2
	exit 1
fi
echo "$(printf '%s\n' "$targets" | wc -l | tr -d ' ') targets, $time each: no finding"
