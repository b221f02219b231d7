package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/password"
)

// batch is how many posts are held in memory and sent at once, about 1 MB.
const batch = 500

// TakenError means that an account has the username of one of the authors.
type TakenError struct{ Username string }

func (t *TakenError) Error() string {
	return fmt.Sprintf("%s is already there: a demo needs a blog that has none of its authors. Nothing was changed.", t.Username)
}

// Fill writes the demo in one transaction: all of it is there, or none. It
// calls progress with the number of posts sent so far, and returns the password
// of all authors, which is drawn anew each time. It returns *TakenError when one
// of them exists, and password.ErrBusy.
func (d *Demo) Fill(ctx context.Context, store *db.Store, gate *password.Gate, progress func(posts int)) (secret string, err error) {
	secret = newPassword()
	hash, err := gate.Hash(ctx, secret)
	if err != nil {
		return "", err
	}
	err = store.Tx(ctx, func(q *db.Queries) error { return d.write(ctx, q, hash, progress) })
	if db.Breaks(err, db.UsernameKey) { // somebody signed up under the name meanwhile
		if taken := d.refuseTaken(ctx, store.Queries); taken != nil {
			return "", taken
		}
	}
	return secret, err
}

// newPassword is 80 random bits in groups that can be read out.
func newPassword() string {
	letters := strings.ToLower(rand.Text())
	return letters[:4] + "-" + letters[4:8] + "-" + letters[8:12] + "-" + letters[12:16]
}

func (d *Demo) write(ctx context.Context, q *db.Queries, hash string, progress func(int)) error {
	if err := d.refuseTaken(ctx, q); err != nil {
		return err
	}
	now, err := q.TransactionTime(ctx)
	if err != nil {
		return err
	}
	authors, err := d.writeAuthors(ctx, q, hash, now)
	if err != nil {
		return err
	}
	if err := d.writePosts(ctx, q, authors, now, progress); err != nil {
		return err
	}
	if err := q.AddMissingVersions(ctx); err != nil {
		return err
	}
	return q.AnalyzeBlog(ctx)
}

func (d *Demo) refuseTaken(ctx context.Context, q *db.Queries) error {
	taken, err := q.FirstTaken(ctx, d.names)
	switch {
	case db.IsNone(err):
		return nil
	case err != nil:
		return err
	}
	return &TakenError{taken}
}

// writeAuthors adds the authors, who all joined just before the oldest post.
func (d *Demo) writeAuthors(ctx context.Context, q *db.Queries, hash string, now time.Time) ([]uuid.UUID, error) {
	joined := now.Add(-d.gap() * time.Duration(d.options.Posts+1))
	ids := make([]uuid.UUID, len(d.names))
	for i, name := range d.names {
		ids[i] = id(i, d.random(streamAuthors, i))
		added, err := q.ImportUser(ctx, db.ImportUserParams{ID: ids[i], Username: name, PasswordHash: hash})
		if err != nil {
			return nil, err
		}
		if added == 0 {
			return nil, &TakenError{name}
		}
	}
	return ids, q.SetJoined(ctx, joined, ids)
}

// writePosts adds the posts, the oldest first, as they would have come.
func (d *Demo) writePosts(ctx context.Context, q *db.Queries, authors []uuid.UUID, now time.Time, progress func(int)) error {
	rows := make([]db.CopyPostsParams, 0, batch)
	for n := d.options.Posts - 1; n >= 0; n-- {
		post, err := d.Post(n)
		if err != nil {
			return err
		}
		rows = append(rows, row(post, authors[post.Author], now.Add(-post.Age)))
		if len(rows) < batch && n > 0 {
			continue
		}
		if _, err := q.CopyPosts(ctx, rows); err != nil {
			return err
		}
		progress(d.options.Posts - n)
		rows = rows[:0]
	}
	return nil
}

func row(post Post, author uuid.UUID, at time.Time) db.CopyPostsParams {
	return db.CopyPostsParams{
		ID: post.ID, AuthorID: author, Slug: &post.Slug, Title: post.Title, Body: post.Body,
		Excerpt: post.Excerpt, Words: int32(post.Words), Tags: post.Reading.Tags, TagSlugs: post.TagSlugs, Html: post.HTML,
		Plain: post.Plain, Outline: post.Outline, Links: post.Links, Renderer: post.Renderer, Language: post.Language,
		CreatedAt: at, UpdatedAt: at, PublishedAt: &at,
	}
}
