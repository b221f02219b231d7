package blog

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// MaxSearchRunes is how long what is searched for may be.
const MaxSearchRunes = 200

// Bounds of one search.
const (
	searchTime  = time.Second             // of the database for one query, before fewer posts are searched
	searchRound = 1250 * time.Millisecond // for all queries of a round; there are two at most
	searchedFew = 5000                    // the newest posts, once all are too many
	mostDrafts  = 5
	enoughFound = 3 // of which on nobody is asked what they meant
	lastResults = 50
)

// Found is a page of what a search found.
type Found struct {
	Vague  bool  // there is no word to look for in what was typed
	Drafts []Hit // the viewer's own, on the first page
	Posts  []Hit // best first
	Alike  []Hit // where few were found: with a title or tag like what was typed
	Next   int   // the number of the next page; 0 when there is none
}

// Hit is a post that was found, without its text.
type Hit struct {
	Post
	Marked []Piece // its title
	Around []Piece // what of its text is around the words that were looked for; none, where they are not in what was looked at
}

// Piece is a part of a text that was looked for, or of what lies between.
type Piece struct {
	Text   string
	Marked bool
}

// Search finds posts by what readers typed, in the syntax of web searches: words that are
// all in it, "a phrase", -without or one OR another; the last word may be only begun. Who
// looks finds their own drafts, too; the zero Author has none. Pages count from 1. It
// returns fault.Invalid for what is too long, and fault.ErrBusy for what takes too long.
func (b *Blog) Search(ctx context.Context, viewer Author, typed string, page int) (Found, error) {
	wanted := readWanted(typed)
	switch {
	case wanted.typed == "":
		return Found{}, nil
	case utf8.RuneCountInString(wanted.typed) > MaxSearchRunes:
		return Found{}, fault.Invalid{{Field: "q", Message: "A search has at most 200 characters. Shorten it."}}
	case page < 1 || page > lastResults:
		return Found{}, fault.ErrNotFound
	}
	wanted.viewer, wanted.page, wanted.language = viewer, page, b.language
	return b.search(ctx, wanted)
}

// search looks through all posts or, if that takes too long, through the newest: a phrase of
// words that nearly every post has is looked for post by post.
func (b *Blog) search(ctx context.Context, w wanted) (Found, error) {
	for _, few := range []bool{false, true} {
		found, slow, err := b.searchOnce(ctx, w, few)
		if !slow {
			return found, err
		}
	}
	return Found{}, fault.ErrBusy
}

// searchOnce also tells whether it was given up because it took too long: one query, or all
// of them together, as others wait for the turn.
func (b *Blog) searchOnce(ctx context.Context, w wanted, few bool) (found Found, slow bool, err error) {
	within, cancel := context.WithTimeout(ctx, searchRound)
	defer cancel()
	err = b.store.Searching(within, searchTime, func(q *db.Queries) error {
		if few {
			if w.since, err = q.NewestSince(within, searchedFew); err != nil && !db.IsNone(err) {
				return err
			}
		}
		found, err = w.find(within, q)
		return err
	})
	if errors.Is(err, errNotAlike) {
		return found, false, nil
	}
	slow = db.IsTooSlow(err) || err != nil && within.Err() != nil && ctx.Err() == nil
	return found, slow, err
}

// wanted is what somebody searches for.
type wanted struct {
	typed    string // as far as it can be looked for
	head     string // what comes before the last word
	begun    string // the last word, as the beginning of one; empty where it is none
	shorter  string // the same without its last letters
	language string // as PostgreSQL names it
	viewer   Author
	page     int
	since    time.Time // of the posts that are looked through
}

// quotes are written as keyboards and word processors do; PostgreSQL knows one.
var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`)

// readWanted reads what was typed. The last word is not taken for the beginning of one
// within a phrase, after a minus, or while it is one letter that many words begin with.
func readWanted(typed string) wanted {
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(typed, " "))
	text = quotes.Replace(strings.TrimSpace(text))
	head := strings.TrimRightFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) })
	last := text[len(head):]
	first, length := utf8.DecodeRuneInString(last)
	if last == "" || len(last) == length && !unspacedScript(first) || strings.HasSuffix(head, "-") || strings.Count(head, `"`)%2 == 1 {
		return wanted{typed: text}
	}
	return wanted{typed: text, head: head, begun: "'" + last + "':*", shorter: shorter(last)}
}

// shorter are the stems that a word may have of which a letter or two are still to come:
// between "walk" and "walking", "walki" is the beginning of no stem.
func shorter(begun string) string {
	const leastStem, mostLetters = 4, 3
	var stems []string
	for runes := []rune(begun); len(runes) > leastStem && len(stems) < mostLetters; {
		runes = runes[:len(runes)-1]
		stems = append(stems, "'"+string(runes)+"'")
	}
	return strings.Join(stems, " | ")
}

// find looks for what was typed, then for what may yet be typed, and last for what is like it.
func (w wanted) find(ctx context.Context, q *db.Queries) (Found, error) {
	found, forgiving, err := w.look(ctx, q)
	if err == nil && w.shorter != "" && found.fewerThan(1) {
		w.begun = w.shorter
		found, forgiving, err = w.look(ctx, q)
	}
	if err == nil && forgiving && w.page == 1 && !found.Vague && found.fewerThan(enoughFound) {
		found.Alike, err = w.alike(ctx, q, found.Posts)
	}
	return found, err
}

func (f Found) fewerThan(n int) bool { return len(f.Drafts)+len(f.Posts) < n }

// look also tells whether the database could forgive typing errors.
func (w wanted) look(ctx context.Context, q *db.Queries) (found Found, forgiving bool, err error) {
	read, err := q.ReadSearch(ctx, db.ReadSearchParams{Language: w.language, Typed: w.typed, Head: w.head, Begun: w.begun})
	if err != nil || !read.Answerable {
		return Found{Vague: true}, read.Forgiving, err
	}
	if found.Drafts, err = w.drafts(ctx, q, read.Query); err != nil {
		return Found{}, false, err
	}
	if found.Posts, err = w.posts(ctx, q, read); err != nil {
		return Found{}, false, err
	}
	if len(found.Posts) > PageSize {
		found.Posts, found.Next = found.Posts[:PageSize], w.page+1
	}
	return found, read.Forgiving, nil
}

func (w wanted) posts(ctx context.Context, q *db.Queries, read db.ReadSearchRow) (hits []Hit, err error) {
	rows, err := q.SearchPosts(ctx, db.SearchPostsParams{
		Language: w.language, Query: read.Query, Words: read.Words, Since: w.since,
		Skipped: int32((w.page - 1) * PageSize), Most: PageSize + 1,
	})
	for _, r := range rows {
		hits = append(hits, hit(Post{
			ID: r.ID, Author: Author{ID: r.AuthorID, Username: r.Username, Name: r.DisplayName},
			Slug: orZero(r.Slug), Title: r.Title, Excerpt: r.Excerpt, Words: int(r.Words), UpdatedAt: r.UpdatedAt,
			PublishedAt: orZero(r.PublishedAt), Standalone: r.Page, Tags: joinTags(r.Tags),
		}, r.MarkedTitle, r.Marked))
	}
	return hits, err
}

// drafts are the viewer's own that have what is looked for.
func (w wanted) drafts(ctx context.Context, q *db.Queries, query string) (hits []Hit, err error) {
	if w.viewer.ID == uuid.Nil || w.page > 1 {
		return nil, nil
	}
	rows, err := q.SearchDrafts(ctx, db.SearchDraftsParams{
		Language: w.language, Query: query, AuthorID: w.viewer.ID, Most: mostDrafts,
	})
	for _, r := range rows {
		hits = append(hits, hit(Post{
			ID: r.ID, Author: w.viewer, Title: r.Title, Excerpt: r.Excerpt, Words: int(r.Words),
			UpdatedAt: r.UpdatedAt, PublishAt: orZero(r.PublishAt), Tags: joinTags(r.Tags),
		}, r.MarkedTitle, r.Marked))
	}
	return hits, err
}

// The characters that PostgreSQL writes around what was looked for, and for what it left out.
const (
	markBegins, markEnds = "\x01", "\x02"
	leftOut              = "\x03"
)

// hit is a post that was found, with its title and part of its text as PostgreSQL marks them.
// A text in which nothing is marked is shown by its excerpt.
func hit(post Post, title, around string) Hit {
	if !strings.Contains(around, markBegins) {
		around = ""
	}
	return Hit{Post: post, Marked: pieces(title), Around: pieces(torn(strings.ReplaceAll(around, leftOut, " … ")))}
}

// torn tells where a text begins or ends within a sentence.
func torn(text string) string {
	bare := strings.NewReplacer(markBegins, "", markEnds, "").Replace(text)
	if first, _ := utf8.DecodeRuneInString(bare); unicode.IsLower(first) {
		text = "… " + text
	}
	if last, _ := utf8.DecodeLastRuneInString(bare); unicode.IsLetter(last) || unicode.IsDigit(last) {
		text += " …"
	}
	return text
}

// pieces parts a text at the marks in it.
func pieces(text string) (parts []Piece) {
	add := func(text string, marked bool) {
		if text != "" {
			parts = append(parts, Piece{text, marked})
		}
	}
	for text != "" {
		before, after, _ := strings.Cut(text, markBegins)
		marked, rest, _ := strings.Cut(after, markEnds)
		add(before, false)
		add(marked, true)
		text = rest
	}
	return parts
}
