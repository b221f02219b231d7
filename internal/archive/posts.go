package archive

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
)

// post is a post in posts.json, but for its versions, which follow one by one.
type post struct {
	ID          uuid.UUID  `json:"id"`
	File        string     `json:"file"`
	Slug        *string    `json:"slug"`
	Status      string     `json:"status"`
	Title       string     `json:"title"`
	Shown       int32      `json:"shown_version"`
	CreatedAt   time.Time  `json:"created_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
	PublishedAt *time.Time `json:"published_at"`
	DeletedAt   *time.Time `json:"deleted_at"`
	PublishAt   *time.Time `json:"publish_at"` // when a draft is to be published by itself
	PinnedAt    *time.Time `json:"pinned_at"`
	Tags        []string   `json:"tags"`
	Page        bool       `json:"page"`
	// ShowsChanges lets readers see what the text was before.
	ShowsChanges bool `json:"shows_changes"`
}

// version is a text that a post has had.
type version struct {
	Number    int32     `json:"number"`
	Kind      string    `json:"kind"`
	Title     string    `json:"title"`
	Body      string    `json:"body"`
	Tags      string    `json:"tags"`
	CreatedAt time.Time `json:"created_at"`
}

// posts writes all posts with all their texts, of which a few at a time are in memory.
func (w *writer) posts(ctx context.Context) (err error) {
	if w.posted, err = w.q.PostsToKeep(ctx, w.account, mostPosts); err != nil {
		return err
	}
	file, err := w.file("posts.json")
	if err != nil {
		return err
	}
	list := newList(file)
	for _, id := range w.posted {
		row, err := w.q.PostForAuthor(ctx, id, w.account)
		if err != nil {
			return err
		}
		if err := list.open(postOf(row), "versions"); err != nil {
			return err
		}
		if err := w.versions(ctx, id, file); err != nil {
			return err
		}
		if err := list.close(); err != nil {
			return err
		}
	}
	return list.end()
}

func (w *writer) versions(ctx context.Context, id uuid.UUID, file io.Writer) error {
	list := newList(file)
	for after := int32(0); ; {
		rows, err := w.q.VersionsToKeep(ctx, db.VersionsToKeepParams{PostID: id, After: after, Most: textsAtOnce})
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := list.add(version{row.Number, row.Kind, row.Title, row.Body, row.Tags, row.CreatedAt.UTC()}); err != nil {
				return err
			}
			after = row.Number
		}
		if len(rows) < textsAtOnce {
			return list.end()
		}
	}
}

// texts writes each post as it stands into a file of its own.
func (w *writer) texts(ctx context.Context) error {
	for _, id := range w.posted {
		row, err := w.q.PostForAuthor(ctx, id, w.account)
		if err != nil {
			return err
		}
		p := postOf(row)
		file, err := w.file(p.File)
		if err == nil {
			_, err = io.WriteString(file, p.frontMatter()+"\n"+row.Body+"\n")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func postOf(row db.PostForAuthorRow) post {
	p := post{
		ID: row.ID, Slug: row.Slug, Status: "published", Title: row.Title, Shown: row.Version,
		CreatedAt: row.CreatedAt.UTC(), UpdatedAt: row.UpdatedAt.UTC(), PublishedAt: inUTC(row.PublishedAt), DeletedAt: inUTC(row.DeletedAt),
		PublishAt: inUTC(row.PublishAt), PinnedAt: inUTC(row.PinnedAt), Tags: row.Tags, Page: row.Page, ShowsChanges: row.ShowsChanges,
	}
	switch {
	case row.DeletedAt != nil:
		p.Status = "deleted"
	case row.PublishedAt == nil:
		p.Status = "draft"
	}
	p.File = fileName(p)
	return p
}

// plainSlug is a slug that every file system takes, and holds apart from others.
var plainSlug = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,99}$`)

// fileName begins with the day on which the post was begun, so that files sort by it and have
// no name that a system keeps for itself. It is unique by the slug, which no other post of
// the author has, or by the id after "post-", with which then no slug here begins.
func fileName(p post) string {
	name := "post-" + p.ID.String()
	if p.Slug != nil && plainSlug.MatchString(*p.Slug) && !strings.HasPrefix(*p.Slug, "post-") {
		name = *p.Slug
	}
	return "posts/" + p.CreatedAt.Format(time.DateOnly) + "-" + name + ".md"
}

// frontMatter is what stands before the text, as YAML, which Go's quoting is a part of.
func (p post) frontMatter() string {
	var text strings.Builder
	line := func(name, value string) { fmt.Fprintf(&text, "%s: %s\n", name, value) }
	text.WriteString("---\n")
	line("title", strconv.Quote(p.Title))
	line("status", p.Status)
	if p.Slug != nil {
		line("slug", strconv.Quote(*p.Slug))
	}
	if len(p.Tags) > 0 {
		quoted, _ := encode(p.Tags) // JSON is YAML, too
		line("tags", string(quoted))
	}
	line("id", strconv.Quote(p.ID.String()))
	for _, date := range []struct {
		name string
		at   *time.Time
	}{{"created", &p.CreatedAt}, {"updated", &p.UpdatedAt}, {"published", p.PublishedAt}, {"publish", p.PublishAt}, {"deleted", p.DeletedAt}} {
		if date.at != nil {
			line(date.name, date.at.Format(time.RFC3339))
		}
	}
	return text.String() + "---\n"
}

func inUTC(at *time.Time) *time.Time {
	if at == nil {
		return nil
	}
	utc := at.UTC()
	return &utc
}

// list is a JSON list that is written as it grows.
type list struct {
	out   io.Writer
	begun bool
}

func newList(out io.Writer) *list { return &list{out: out} }

// add writes the next value.
func (l *list) add(value any) error {
	text, err := encode(value)
	if err != nil {
		return err
	}
	return l.next(string(text))
}

// open writes the next value, an object, but for its end, and begins one more member of it.
func (l *list) open(object any, member string) error {
	text, err := encode(object)
	if err != nil {
		return err
	}
	return l.next(string(bytes.TrimSuffix(text, []byte("}"))) + `,"` + member + `":`)
}

// close ends the object that open began.
func (l *list) close() error { return l.write("}") }

func (l *list) next(text string) error {
	before := ",\n"
	if !l.begun {
		l.begun, before = true, "[\n"
	}
	return l.write(before + text)
}

// end ends the list; an empty one is a list, too.
func (l *list) end() error {
	if !l.begun {
		return l.write("[]\n")
	}
	return l.write("\n]\n")
}

func (l *list) write(text string) error {
	_, err := io.WriteString(l.out, text)
	return err
}

func encode(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}
