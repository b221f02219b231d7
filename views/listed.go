package views

import (
	"context"
	"encoding/hex"
	"io"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"
)

// articles shows posts one after the other. What a reader sees of a post in a list, which is
// most of what is ever shown, is put together here without a component for each part; it is
// what Article makes of it, to the byte.
func articles(posts []Post) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, out io.Writer) (err error) {
		made := markups.Get().(*markup)
		defer markups.Put(made)
		for i := 0; i < len(posts) && err == nil; i++ {
			if !posts[i].isOnlyRead() {
				err = PostOrNotice(posts[i]).Render(ctx, out)
				continue
			}
			*made = (*made)[:0].listed(&posts[i])
			_, err = out.Write(*made)
		}
		return err
	})
}

// isOnlyRead tells whether a post is in a list and nothing is to be done with it.
func (p *Post) isOnlyRead() bool {
	return p.Shape == Listed && !p.Mine && !p.Focus && p.Merged == nil && p.Announce == "" && len(p.Dead) == 0 && p.Zone == nil &&
		p.Found == nil && p.Published()
}

// markup is what is being put together.
type markup []byte

var markups = sync.Pool{New: func() any { return new(markup) }}

func (m markup) listed(p *Post) markup {
	m = m.add(`<article id="post-`).id(p.ID)
	id := m[len(m)-idLength:]
	m = append(m.add(`" class="post listed" aria-labelledby="title-of-`), id...)
	m = append(m.add(`"><header><h2 id="title-of-`), id...)
	m = m.add(`" dir="auto"><a href="/@`).text(p.Author.Username).add("/").text(url.PathEscape(p.Slug))
	m = m.add(`">`).text(shownTitle(p.Post))
	m = m.add(`</a></h2><p class="byline"><a rel="author" href="/@`).text(p.Author.Username)
	m = m.add(`"><bdi>`).text(p.Author.ShownName())
	m = m.add(`</bdi></a> <time datetime="`).time(p.PublishedAt, time.RFC3339)
	m = m.add(`">`).date(p.PublishedAt)
	m = m.add(`</time> <span>`).number(p.Minutes()).add(" min</span>")
	if p.OnTop {
		m = m.add(`<span class="badge">Pinned</span> `)
	}
	m = m.add(`</p></header><div class="prose excerpt" data-hx-ignore>`)
	for paragraph := range strings.SplitSeq(p.Excerpt, "\n\n") {
		m = m.add(`<p dir="auto">`).text(paragraph).add(`</p>`)
	}
	return m.add(`</div></article>`)
}

func (m markup) add(markup string) markup { return append(m, markup...) }

// text adds what was typed, as it is in a text or an attribute.
func (m markup) text(typed string) markup {
	done := 0
	for i := range len(typed) {
		if c := typed[i]; c < byte(len(escapes)) && escapes[c] != "" {
			m = append(append(m, typed[done:i]...), escapes[c]...)
			done = i + 1
		}
	}
	return append(m, typed[done:]...)
}

// escapes are those of html.EscapeString. They are of no letters.
var escapes = ['>' + 1]string{'<': "&lt;", '>': "&gt;", '&': "&amp;", '\'': "&#39;", '"': "&#34;"}

func (m markup) number(n int) markup { return strconv.AppendInt(m, int64(n), 10) }

// time adds a moment in UTC, in which readers see all times.
func (m markup) time(at time.Time, layout string) markup { return at.UTC().AppendFormat(m, layout) }

// date adds a date as dateInFull has it.
func (m markup) date(at time.Time) markup {
	year, month, day := at.UTC().Date()
	if year < 1000 || year > 9999 {
		return m.add(dateInFull(at))
	}
	return m.number(day).add(" ").add(month.String()).add(" ").number(year)
}

// idLength is that of a UUID as text, in bytes.
const idLength = 36

func (m markup) id(id uuid.UUID) markup {
	m = append(hex.AppendEncode(m, id[:4]), '-')
	m = append(hex.AppendEncode(m, id[4:6]), '-')
	m = append(hex.AppendEncode(m, id[6:8]), '-')
	m = append(hex.AppendEncode(m, id[8:10]), '-')
	return hex.AppendEncode(m, id[10:])
}
