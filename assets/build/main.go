// Command build writes assets/dist and assets/manifest_gen.go from the sources
// beside it. It runs from the assets folder, as "go generate ./assets" does. The
// same sources always give the same bytes.
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

// run replaces what dir holds of earlier builds. Everything is built before
// anything is written, so a fault in a source leaves the last good build alone;
// new files come before the manifest that names them and old ones go last, so
// the package compiles at every moment.
func run(dir string) error {
	files, err := Build(os.DirFS(dir))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "dist"), 0o755); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(dir, name), files[name], 0o644); err != nil {
			return err
		}
	}
	return sweep(dir, files)
}

// sweep removes from dist what the build did not write.
func sweep(dir string, files map[string][]byte) error {
	found, err := os.ReadDir(filepath.Join(dir, "dist"))
	if err != nil {
		return err
	}
	for _, f := range found {
		if files["dist/"+f.Name()] != nil {
			continue
		}
		if err := os.Remove(filepath.Join(dir, "dist", f.Name())); err != nil {
			return err
		}
	}
	return nil
}
