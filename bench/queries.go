package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// parameter is one of sqlc's in a query: @name or sqlc.narg(name).
var parameter = regexp.MustCompile(`@(\w+)|sqlc\.narg\((\w+)\)`)

// queryNamed is one of the blog's own queries for pgbench, with :name where sqlc reads @name.
func queryNamed(file, name string) (string, error) {
	text, err := os.ReadFile("db/queries/" + file)
	if err != nil {
		return "", fmt.Errorf("%w: run this where go.mod is", err)
	}
	_, query, found := strings.Cut(string(text), "-- name: "+name+" :")
	if !found {
		return "", fmt.Errorf("no query %s is in db/queries/%s", name, file)
	}
	_, query, _ = strings.Cut(query, "\n")
	query, _, _ = strings.Cut(query, ";\n")
	return parameter.ReplaceAllString(query, ":$1$2") + ";\n", nil
}
