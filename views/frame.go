package views

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"io"
	"strconv"
	"sync/atomic"

	"github.com/a-h/templ"
)

// frame is what a page shows around its content, which is the same for most pages that are
// made one after the other, and half the work of making one.
type frame struct {
	key           string
	before, after []byte
}

// The frames that were made last, by a hash of their keys: of two in one place the later stays.
// Larger ones are made anew each time, so that all together take no more than a mebibyte.
var (
	frames    [64]atomic.Pointer[frame]
	frameSeed = maphash.MakeSeed()
)

const largestFrame = 16 << 10

// frameOf is the frame around a content with italics or not, and with something for htmx or not.
func frameOf(ctx context.Context, p Page, italics, interactive bool) (*frame, error) {
	if !p.isAnybodys() {
		return makeFrame(ctx, p, italics, interactive)
	}
	key := markups.Get().(*markup)
	defer markups.Put(key)
	*key = p.appendKey((*key)[:0], italics, interactive)
	place := &frames[maphash.Bytes(frameSeed, *key)%uint64(len(frames))]
	if kept := place.Load(); kept != nil && kept.key == string(*key) {
		return kept, nil
	}
	made, err := makeFrame(ctx, p, italics, interactive)
	if err != nil {
		return nil, err
	}
	if made.key = string(*key); len(made.key)+len(made.before)+len(made.after) <= largestFrame {
		place.Store(made)
	}
	return made, nil
}

// isAnybodys tells whether others may see the same frame: nothing of one account is kept, nor
// of one post, nor of an address to which nobody is to return, as one with a secret.
func (p Page) isAnybodys() bool {
	return p.Here != "" && p.Account == "" && p.Username == "" && p.Name == "" && !p.Owner && p.Left == "" && p.Said == "" && p.Head.Article == nil
}

// appendKey appends everything that the frame of a page that isAnybodys is made of.
func (p Page) appendKey(key markup, italics, interactive bool) markup {
	key = key.flags(italics, interactive, p.CanJoin)
	key = key.parts(p.Title, p.Blog, p.Language, p.Path, string(p.Theme), p.Here)
	key = binary.AppendUvarint(key, uint64(len(p.Pages)))
	for _, link := range p.Pages {
		key = key.parts(link.URL, link.Words)
	}
	key = key.parts(p.Head.URL, p.Head.Title, p.Head.Description, p.Head.Picture.URL, p.Head.Picture.Alt)
	key = binary.AppendUvarint(key, uint64(p.Head.Picture.Width))
	key = binary.AppendUvarint(key, uint64(p.Head.Picture.Height))
	for _, feed := range p.Head.Feeds {
		key = key.parts(feed.Title, feed.AtomURL, feed.JSONURL)
	}
	return key
}

func (m markup) flags(all ...bool) markup {
	for _, yes := range all {
		m = strconv.AppendBool(m, yes)
	}
	return m
}

// parts adds texts so that no two lists of texts are the same in the end.
func (m markup) parts(texts ...string) markup {
	for _, text := range texts {
		m = append(binary.AppendUvarint(m, uint64(len(text))), text...)
	}
	return m
}

// hole stands in a frame for its content. Nobody else can write it.
var hole = []byte("<!--" + rand.Text() + "-->")

func makeFrame(ctx context.Context, p Page, italics, interactive bool) (*frame, error) {
	inner := templ.GetBuffer()
	defer templ.ReleaseBuffer(inner)
	if err := body(p, asItStands(hole)).Render(ctx, inner); err != nil {
		return nil, err
	}
	var outer bytes.Buffer
	if err := document(p, italics, interactive || hasHTMX(inner.Bytes()), inner.Bytes()).Render(ctx, &outer); err != nil {
		return nil, err
	}
	before, after, found := bytes.Cut(outer.Bytes(), hole)
	if !found {
		return nil, errors.New("views: a frame without a place for its content")
	}
	return &frame{before: bytes.Clone(before), after: bytes.Clone(after)}, nil // without what the buffer has to spare
}

// Layout is the whole document around a page's content. The content is made first, as the
// head names the scripts that it needs: no page has to know, and most need none.
func Layout(p Page) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		content := templ.GetChildren(ctx)
		ctx = templ.ClearChildren(ctx)
		made := templ.GetBuffer()
		defer templ.ReleaseBuffer(made)
		if err := content.Render(ctx, made); err != nil {
			return err
		}
		around, err := frameOf(ctx, p, hasItalics(made.Bytes()), hasHTMX(made.Bytes()))
		if err != nil {
			return err
		}
		for _, part := range [][]byte{around.before, made.Bytes(), around.after} {
			if _, err := out.Write(part); err != nil {
				return err
			}
		}
		return nil
	})
}
