// Package card draws the picture that other sites show beside a link to a post: its title,
// its author and the blog's name, in the blog's own type and colours.
package card

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// The size of every picture, in pixels: what those who show previews ask for.
const (
	Width  = 1200
	Height = 630
)

// drawing is raised when the same words are drawn otherwise.
const drawing = 1

// Words are what a picture says. Without a title it is the blog's own.
type Words struct{ Title, Author, Blog string }

// Version is a name for how these words are drawn: the same words have the same one, until
// they are drawn otherwise.
func (w Words) Version() string {
	inputs, err := json.Marshal([]any{drawing, w.Title, w.Author, w.Blog})
	if err != nil { // texts and numbers always have a form in JSON
		panic(err)
	}
	sum := sha256.Sum256(inputs)
	return hex.EncodeToString(sum[:8])
}
