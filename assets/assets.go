// Package assets holds what the browser fetches beside the pages: the
// stylesheet, the scripts, the fonts and the images.
//
// Sources live in css, js, images, fonts and vendor. The program in build turns
// them into dist, where every name carries a hash of its content, so an answer
// may be cached for ever and a new version never meets an old copy. Run
// "task gen" after a change; a test fails while dist is stale.
package assets

//go:generate go run ./build

// Root is the URL path under which the files are served. The stylesheet names
// its fonts relative to itself, so they follow wherever Root points.
const Root = "/assets/"

// A File is one asset in every form it is served in. The bytes lie in the
// program's own image and are paged in on first use: never change them.
type File struct {
	// Path is the file name with its content hash, "app.1a2b3c4d.css". The hash
	// also makes it a validator: no ETag is needed beside it.
	Path string
	// ContentType is the media type, with a charset for text.
	ContentType string
	// Identity is the content itself. Brotli and Gzip are the same content
	// compressed; both are nil where compressing does not make it smaller.
	Identity, Brotli, Gzip []byte
}

type entry struct {
	name, url string
	File
}

// URL returns the path at which the asset called name ("app.css") is served. It
// panics on a name that does not exist: names are written by us, not by
// visitors, so a wrong one is a fault in the program.
func URL(name string) string {
	for i := range manifest {
		if manifest[i].name == name {
			return manifest[i].url
		}
	}
	panic("assets: no asset is called " + name)
}

// Find returns the asset whose hashed file name is path, the part of the URL
// after Root. It reports false for anything else, older hashes included.
func Find(path string) (File, bool) {
	for i := range manifest {
		if manifest[i].Path == path {
			return manifest[i].File, true
		}
	}
	return File{}, false
}
