package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// An asset is one finished file: its name in the source ("app.css"), its hashed
// name ("app.1a2b3c4d.css") and its content in each form.
type asset struct {
	Name, Hashed, GoName, ContentType string
	identity, brotli, gzip            []byte
}

// Compressed reports whether the asset is also kept as .br and .gz.
func (a asset) Compressed() bool { return a.brotli != nil }

// types maps the extensions we serve to their media types. Text types are also
// kept compressed; woff2 and png are compressed by nature.
var types = map[string]struct {
	mime string
	text bool
}{
	".css":   {"text/css; charset=utf-8", true},
	".js":    {"text/javascript; charset=utf-8", true},
	".svg":   {"image/svg+xml", true},
	".png":   {"image/png", false},
	".ico":   {"image/x-icon", false},
	".woff2": {"font/woff2", false},
}

// Build returns every file of a build, dist and the Go manifest, by its path
// below the assets folder. src is that folder.
func Build(src fs.FS) (map[string][]byte, error) {
	sources, err := collect(src)
	if err != nil {
		return nil, err
	}
	assets := make([]asset, 0, len(sources))
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		a, err := finish(name, sources[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		assets = append(assets, a)
	}
	manifest, err := manifest(assets)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{"manifest_gen.go": manifest}
	for _, a := range assets {
		files["dist/"+a.Hashed] = a.identity
		if a.Compressed() {
			files["dist/"+a.Hashed+".br"] = a.brotli
			files["dist/"+a.Hashed+".gz"] = a.gzip
		}
	}
	return files, nil
}

// collect reads the sources and returns the content of each asset by its name.
func collect(src fs.FS) (map[string][]byte, error) {
	sources := map[string][]byte{}
	for _, pattern := range []string{"fonts/*.woff2", "images/*", "js/*.js"} {
		paths, err := fs.Glob(src, pattern)
		if err != nil {
			return nil, err
		}
		for _, p := range paths {
			if sources[path.Base(p)], err = fs.ReadFile(src, p); err != nil {
				return nil, err
			}
			if path.Ext(p) == ".js" {
				if sources[path.Base(p)], err = stripJS(sources[path.Base(p)]); err != nil {
					return nil, fmt.Errorf("%s: %w", p, err)
				}
			}
		}
	}
	var err error
	// The vendored file keeps its bytes, so its published sha256 holds in dist too.
	if sources["htmx.js"], err = fs.ReadFile(src, "vendor/htmx/htmx.min.js"); err != nil {
		return nil, err
	}
	sources["app.css"], err = stylesheet(src, func(font string) (string, bool) {
		content, ok := sources[font]
		return hashedName(font, content), ok
	})
	return sources, err
}

// finish gives an asset its hashed name, its type and its compressed forms.
func finish(name string, content []byte) (asset, error) {
	ext := path.Ext(name)
	kind, ok := types[ext]
	if !ok {
		return asset{}, fmt.Errorf("no media type is known for %q: add it to types", ext)
	}
	a := asset{Name: name, Hashed: hashedName(name, content), GoName: goName(name),
		ContentType: kind.mime, identity: content}
	if !kind.text {
		return a, nil
	}
	br, err := compressBrotli(content)
	if err != nil {
		return asset{}, err
	}
	gz, err := compressGzip(content)
	if err != nil {
		return asset{}, err
	}
	if len(br) < len(content) && len(gz) < len(content) {
		a.brotli, a.gzip = br, gz
	}
	return a, nil
}

// hashedName puts eight hex digits of the content's SHA-256 before the
// extension: enough that two versions of one file never share a name.
func hashedName(name string, content []byte) string {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:4]) + ext
}
