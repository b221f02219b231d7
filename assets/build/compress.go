package main

import (
	"bytes"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

func compressBrotli(content []byte) ([]byte, error) {
	var out bytes.Buffer
	return squeeze(&out, brotli.NewWriterLevel(&out, brotli.BestCompression), content)
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
