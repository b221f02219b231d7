// Package demo fills a blog with sample writing: hand-made posts first, then as
// many more as are wanted, composed from a small grammar. Everything but the
// password and the time of the run follows from the options.
package demo

import (
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"
)

// Limits of a demo.
const (
	MaxAuthors = 10_000
	MaxPosts   = 5_000_000
)

// Options say how large a demo is.
type Options struct {
	Authors int   // 1 to MaxAuthors
	Posts   int   // 0 to MaxPosts, all published
	Seed    int64 // the same seed makes the same blog
}

// Demo is a blog to be filled. The same options make the same usernames, ids,
// authors, titles, texts and slugs, and the same ages: only the times differ, as
// a post's age counts from the run. More posts or fewer are more or fewer old
// ones; those they share differ in nothing but age. It is safe for concurrent use.
type Demo struct {
	options Options
	corpus  *corpus
	titles  titles
	names   []string
}

// New plans a demo. Its error is a sentence about options that are out of bounds.
func New(options Options) (*Demo, error) {
	switch {
	case options.Authors < 1 || options.Authors > MaxAuthors:
		return nil, fmt.Errorf("a demo has 1 to %d authors, not %d: change --authors", MaxAuthors, options.Authors)
	case options.Posts < 0 || options.Posts > MaxPosts:
		return nil, fmt.Errorf("a demo has 0 to %d posts, not %d: change --posts", MaxPosts, options.Posts)
	}
	d := &Demo{options: options, corpus: readCorpus()}
	d.titles = newTitles(d.corpus.grammar, d.random(streamTitles, 0))
	d.names = d.corpus.usernames(options.Authors, d.random(streamNames, 0))
	return d, nil
}

// Usernames are the authors, the one who wrote most first.
func (d *Demo) Usernames() []string { return d.names }

// stream keeps what is drawn for one purpose from moving what is drawn for another.
type stream uint64

const (
	streamTitles stream = iota
	streamNames
	streamAuthors
	streamPosts
	streamTags
)

// random is the source of the nth thing of a stream. Each has its own, so that
// a post is the same however many others there are.
func (d *Demo) random(s stream, n int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(d.options.Seed), uint64(s)<<32|uint64(n)))
}

// id makes a UUID of version 8 (RFC 9562, 5.8) that begins with a serial number,
// so that ids sort by it as those of version 7 do by time.
func id(serial int, r *rand.Rand) (made uuid.UUID) {
	for i := range 6 {
		made[i] = byte(serial >> (40 - 8*i))
	}
	for i := 6; i < len(made); i++ {
		made[i] = byte(r.Uint32())
	}
	made[6] = made[6]&0x0f | 0x80
	made[8] = made[8]&0x3f | 0x80
	return made
}
