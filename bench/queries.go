package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// parameter is one of sqlc's in a query: @name or sqlc.narg(name).
var parameter = regexp.MustCompile(`@(\w+)|sqlc\.narg\((\w+)\)`)

// queryNamed is one of the blog's own queries for pgbench, with :name where sqlc reads @name.
func queryNamed(file, name string) (string, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the blog's source: %w", err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "db", "queries", file))
	if err != nil {
		return "", err
	}
	_, query, found := strings.Cut(string(text), "-- name: "+name+" :")
	if !found {
		return "", fmt.Errorf("no query %s is in db/queries/%s", name, file)
	}
	_, query, _ = strings.Cut(query, "\n")
	query, _, _ = strings.Cut(query, ";\n")
	return parameter.ReplaceAllString(query, ":$1$2") + ";\n", nil
}
