package flask

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/blog"
	"miniblog/internal/fault"
)

// Posts wait in memory until there are so many, or so many bytes of them: then the blog
// is asked which of them it has.
const (
	postsAtOnce = 100
	bytesAtOnce = 8 << 20
)

// written is a post of the file. Unless its fate is to be imported, only its Row counts.
type written struct {
	Row
	blog.Text
	id     uuid.UUID
	author *person
	at     time.Time
	draft  bool
}

func (b *bringing) bringPosts(ctx context.Context) error {
	var waiting []written
	size := 0
	flush := func() error {
		err := b.settlePosts(ctx, waiting)
		waiting, size = waiting[:0], 0
		return err
	}
	err := b.file.each(ctx, b.file.posts, func(row []value) error {
		post := b.readPost(row)
		waiting = append(waiting, post)
		if size += len(post.Body); len(waiting) < postsAtOnce && size < bytesAtOnce {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// readPost makes a post of a row, or tells why it cannot be imported.
func (b *bringing) readPost(row []value) written {
	draft, problem := b.readDraft(row)
	told := Row{What: Post, Name: strings.TrimSpace(shownKey(row[postID]) + " " + label(draft.Title))}
	author, name := b.author(row[postAuthor])
	switch {
	case author == nil:
		return told.with(AuthorMissing, "its author "+name+" is not in the file")
	case !author.here():
		return told.with(AuthorMissing, "its author "+author.label+" is not imported")
	case problem != "":
		return told.with(RuleBroken, problem)
	}
	text, err := blog.Prepare(draft)
	if err != nil {
		return told.with(RuleBroken, words(err))
	}
	post := written{Row: told, Text: text, author: author, draft: b.hidden(row)}
	post.id = idOf(Post, row[postID].key(), author.key, author.raw, draft.Title, row[postCreated].key())
	b.date(&post, row[postCreated])
	return post
}

// with is a post with that fate.
func (r Row) with(fate Fate, note string) written {
	r.Fate, r.Note = fate, note
	return written{Row: r}
}

func shownKey(v value) string {
	if v.data == nil {
		return ""
	}
	return label(fmt.Sprint(v.data))
}

// words tells what is wrong with a text on one line.
func words(err error) string {
	var problems fault.Invalid
	if !errors.As(err, &problems) {
		return err.Error()
	}
	var told []string
	for _, problem := range problems {
		told = append(told, problem.Message)
	}
	return strings.Join(told, " ")
}

// readDraft reads title and text. Where the table has no titles they are the first words.
func (b *bringing) readDraft(row []value) (draft blog.Draft, problem string) {
	draft.Title, problem = readWritten(row[postTitle], "title")
	body, noBody := readWritten(row[postBody], "text")
	draft.Body = body
	if !b.file.posts.has(postTitle) {
		draft.Title = firstWords(body)
	}
	return draft, strings.TrimSpace(problem + " " + noBody)
}

// readWritten reads what somebody wrote; none is empty.
func readWritten(v value, what string) (text, problem string) {
	switch data := v.data.(type) {
	case string:
		return data, ""
	case int64, float64: // a column without a type makes a number of "1984"
		return fmt.Sprint(data), ""
	}
	switch v.kind {
	case "null":
		return "", ""
	case "text":
		return "", "Its " + what + " is longer than 1 MiB."
	}
	return "", "Its " + what + " is no text."
}

// firstWords makes a title of a text that has none.
func firstWords(body string) string {
	const most = 60
	line, _, _ := strings.Cut(strings.TrimSpace(body), "\n")
	runes := []rune(strings.Join(strings.Fields(line), " "))
	if len(runes) <= most {
		return string(runes)
	}
	cut := string(runes[:most-1])
	if blank := strings.LastIndexByte(cut, ' '); blank > len(cut)/2 {
		cut = cut[:blank]
	}
	return cut + "…"
}

// author finds who wrote a post, by the row's id or by the name, whichever the file uses.
func (b *bringing) author(v value) (found *person, name string) {
	raw, isName := v.text()
	byKey := b.people.byKey[v.key()]
	if v.data == nil {
		byKey = nil
	}
	isID := strings.HasSuffix(strings.ToLower(b.file.posts.columns[postAuthor]), "_id")
	switch {
	case byKey != nil && (isID || !isName):
		return byKey, ""
	case !isName:
		return nil, shownKey(v)
	case b.people.byName[raw] != nil:
		return b.people.byName[raw], ""
	case b.people.byKey["integer "+raw] != nil: // a number kept as text
		return b.people.byKey["integer "+raw], ""
	}
	return b.people.byFold(raw), label(raw)
}

// hidden tells whether readers did not see the post: they must not see it here either.
// What a file does not say of one post, where it says it of others, is taken for a no.
func (b *bringing) hidden(row []value) bool {
	public, private := row[postPublic], row[postPrivate]
	return b.file.posts.has(postPublic) && (public.kind == "null" || public.data == int64(0)) ||
		private.kind == "integer" && private.data != int64(0)
}

// date tells when the post was written. One that does not say so is of now, and later
// ones of the file come later.
func (b *bringing) date(post *written, v value) {
	at, known := readTime(v, b.begun)
	if !known {
		at = b.begun.Add(time.Duration(b.undated) * time.Microsecond)
		b.undated++
		if b.file.posts.has(postCreated) {
			post.Note = "its time is not known, so it is of now"
		}
	}
	post.at = at
}

// settlePosts imports those of the posts that are not there yet.
func (b *bringing) settlePosts(ctx context.Context, posts []written) error {
	here, err := b.knownPosts(ctx, posts)
	if err != nil {
		return err
	}
	for _, post := range posts {
		switch {
		case post.Fate != Imported:
		case here[post.id]:
			post.Fate, post.Note = Present, ""
		case b.write:
			if err := b.addPost(ctx, &post); err != nil {
				return err
			}
		}
		if post.Fate == Imported && post.draft {
			b.report.Drafts++
			post.Note = strings.TrimPrefix(post.Note+", as a draft", ", ")
		}
		here[post.id] = true
		b.report.add(post.Row)
	}
	return nil
}

func (b *bringing) knownPosts(ctx context.Context, posts []written) (map[uuid.UUID]bool, error) {
	here := map[uuid.UUID]bool{}
	if b.q == nil || len(posts) == 0 {
		return here, nil
	}
	ids := make([]uuid.UUID, len(posts))
	for i, post := range posts {
		ids[i] = post.id
	}
	rows, err := b.q.KnownPosts(ctx, ids, postsAtOnce)
	for _, id := range rows {
		here[id] = true
	}
	return here, err
}

// addPost writes a post under the first slug that is free. None is when its id is there:
// the last slug is its own.
func (b *bringing) addPost(ctx context.Context, post *written) error {
	add := db.ImportPostParams{
		ID: post.id, AuthorID: post.author.id, Title: post.Title, Body: post.Body,
		Excerpt: post.Excerpt, Words: int32(post.Words), Html: post.HTML, Plain: post.Plain, Outline: post.Outline,
		Links: post.Links, Renderer: post.Renderer, Language: post.Language, WrittenAt: post.at, PublishedAt: &post.at,
	}
	slugs := post.Slugs(post.id)
	if post.draft {
		add.PublishedAt, slugs = nil, []string{""}
	}
	for _, slug := range slugs {
		if !post.draft {
			add.Slug = &slug
		}
		added, err := b.q.ImportPost(ctx, add)
		if err != nil || added > 0 {
			return err
		}
	}
	post.Fate, post.Note = Present, ""
	return nil
}
