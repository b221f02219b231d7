package main

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/gzip"
	brotli "github.com/molecule-man/go-brrr"
)

func compressBrotli(content []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := brotli.NewWriter(&out, 11)
	if err != nil {
		return nil, err
	}
	return squeeze(&out, w, content)
}

// compressGzip uses klauspost's compressor rather than the standard library's:
// its version is pinned in go.mod, so a new Go release does not change dist.
func compressGzip(content []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	return squeeze(&out, w, content)
}

func squeeze(out *bytes.Buffer, w io.WriteCloser, content []byte) ([]byte, error) {
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
