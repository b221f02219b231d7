package torture

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// place is where a text is kept: it may be there once.
type place struct {
	post uuid.UUID
	kind string
	text hash
}

// moment is a state of an editor, of which one text may be kept in each way.
type moment struct {
	sitting uuid.UUID
	turn    int
	kind    string
}

// verdict is what the database holds of what was acknowledged.
type verdict struct {
	lost    []string // acknowledged, and not there
	doubled []string // there more often than once
	torn    []string // half written, out of order, or never sent

	posts    map[uuid.UUID]*post
	found    map[place]int
	moments  map[moment]int
	newest   map[uuid.UUID]int // turn, by sitting
	versions int
}

// post is a row of posts, and what its versions have to say of it.
type post struct {
	version int
	text    hash
	words   int
	excerpt string
	listed  bool // published
	slug    string

	titles   []string // by version
	texts    []hash
	previous string // the kind of the last version
}

// judge reads all that is kept, in one look, and compares it to what was acknowledged.
func judge(ctx context.Context, conn *pgx.Conn, l *ledger) (*verdict, error) {
	v := &verdict{
		posts: map[uuid.UUID]*post{}, found: map[place]int{}, moments: map[moment]int{}, newest: map[uuid.UUID]int{},
	}
	kept := l.kept() // before the look: what is acknowledged during it may be too new for it
	look := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, conn, look, func(tx pgx.Tx) error {
		if err := v.readPosts(ctx, tx); err != nil {
			return err
		}
		return v.readVersions(ctx, tx, l)
	})
	if err != nil {
		return nil, err
	}
	v.judgePosts()
	v.judgeWrites(kept)
	return v, nil
}

func (v *verdict) readPosts(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		SELECT id, version, title, body, words, excerpt, published_at IS NOT NULL, coalesce(slug, '')
		FROM posts
		ORDER BY id`)
	if err != nil {
		return err
	}
	var id uuid.UUID
	var title, body string
	var p post
	_, err = pgx.ForEachRow(rows, []any{&id, &p.version, &title, &body, &p.words, &p.excerpt, &p.listed, &p.slug}, func() error {
		kept := p
		kept.text = hashOf(title, body)
		if first, _, _ := strings.Cut(body, "\n\n"); p.excerpt != first {
			v.tear("post %s: its excerpt is not of its text", id)
		}
		v.posts[id] = &kept
		return nil
	})
	return err
}

func (v *verdict) readVersions(ctx context.Context, tx pgx.Tx, l *ledger) error {
	rows, err := tx.Query(ctx, `
		SELECT post_id, number, kind, title, body, sha256, words, sitting, turn
		FROM versions
		ORDER BY post_id, number`)
	if err != nil {
		return err
	}
	var r version
	_, err = pgx.ForEachRow(rows, []any{&r.post, &r.number, &r.kind, &r.title, &r.body, &r.sum, &r.words, &r.sitting, &r.turn}, func() error {
		v.versions++
		v.readVersion(r, l)
		return nil
	})
	return err
}

// version is a row of versions.
type version struct {
	post        uuid.UUID
	number      int
	kind        string
	title, body string
	sum         []byte
	words       int
	sitting     uuid.UUID
	turn        int
}

// readVersion takes the versions of a post in their order.
func (v *verdict) readVersion(r version, l *ledger) {
	p := v.posts[r.post]
	if p == nil {
		v.tear("version %d of no post", r.number)
		return
	}
	text := hashOf(r.title, r.body)
	if string(r.sum) != string(text[:]) {
		v.tear("post %s: version %d has not its hash", r.post, r.number)
	}
	// What was merged into a text was made by the blog; all else was typed.
	if from, known := l.origin(text); !known && p.previous != "merged" || known && from != (origin{r.sitting, r.turn}) {
		v.tear("post %s: version %d was never sent like that", r.post, r.number)
	}
	p.titles, p.texts, p.previous = append(p.titles, r.title), append(p.texts, text), r.kind
	if r.number != len(p.texts) {
		v.tear("post %s: version %d is in the place of number %d", r.post, r.number, len(p.texts))
	}
	if r.number == p.version && (text != p.text || r.words != p.words) {
		v.tear("post %s: it does not show the version that it names", r.post)
	}
	v.found[place{r.post, r.kind, text}]++
	v.moments[moment{r.sitting, r.turn, r.kind}]++
	if r.turn < v.newest[r.sitting] {
		v.tear("post %s: version %d is older than one before it in the same sitting", r.post, r.number)
	}
	v.newest[r.sitting] = max(r.turn, v.newest[r.sitting])
}

// opened is the version that its editor opens with: the newest one, where that was only
// autosaved and is another text than the one shown.
func (p *post) opened() (number int) {
	if newest := len(p.texts); newest > p.version && p.previous == autosaved && p.texts[newest-1] != p.text {
		return newest
	}
	return p.version
}

func (v *verdict) judgePosts() {
	for id, p := range v.posts {
		if p.version < 1 || p.version > len(p.texts) {
			v.tear("post %s: it names version %d of %d", id, p.version, len(p.texts))
		}
		if p.listed && p.slug == "" {
			v.tear("post %s: it is published at no address", id)
		}
	}
	for where, times := range v.found {
		if times > 1 {
			v.doubled = append(v.doubled, fmt.Sprintf("post %s: a text is %s %d times", where.post, where.kind, times))
		}
	}
	for when, times := range v.moments {
		if times > 1 {
			v.doubled = append(v.doubled, fmt.Sprintf("sitting %s: turn %d is %s %d times", when.sitting, when.turn, when.kind, times))
		}
	}
}

func (v *verdict) judgeWrites(kept []write) {
	for _, w := range kept {
		there := v.found[place{w.post, saved, w.text}] + v.found[place{w.post, "merged", w.text}]
		if w.kind == autosaved {
			there += v.found[place{w.post, autosaved, w.text}]
		}
		if there == 0 {
			v.lost = append(v.lost, fmt.Sprintf("post %s: turn %d of sitting %s, %s %x", w.post, w.turn, w.sitting, w.kind, w.text[:6]))
		}
	}
}

func (v *verdict) tear(format string, args ...any) {
	v.torn = append(v.torn, fmt.Sprintf(format, args...))
}
