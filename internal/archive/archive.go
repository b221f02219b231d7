// Package archive writes all that one account has here into a zip: to take along, and to
// read without this program.
package archive

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"math"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
)

// How much is read at once, so that memory holds little however much somebody wrote: a text
// has up to 1 MiB.
const (
	mostPosts    = 1_000_000 // ids alone
	textsAtOnce  = 4
	eventsAtOnce = 500
	mostSessions = 1000
)

// Write writes the account's archive as it is at one moment: account.json, sessions.json,
// record.json, posts.json with every version of every post, and each post's text in a file
// posts/*.md of its own. Without an error it is whole; what was written before one is no zip.
func Write(ctx context.Context, store *db.Store, account uuid.UUID, out io.Writer) error {
	return store.Snapshot(ctx, func(q *db.Queries) error {
		w := &writer{q: q, account: account, zip: zip.NewWriter(out), at: time.Now().UTC()}
		for _, part := range []func(context.Context) error{w.profile, w.sessions, w.record, w.posts, w.texts} {
			if err := part(ctx); err != nil {
				return err
			}
		}
		return w.zip.Close() // the directory, without which no program opens it
	})
}

// writer is an archive that is being written.
type writer struct {
	q       *db.Queries
	account uuid.UUID
	zip     *zip.Writer
	at      time.Time
	posted  []uuid.UUID
}

// file begins the next file.
func (w *writer) file(name string) (io.Writer, error) {
	return w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.at})
}

// document writes a file that is one JSON value.
func (w *writer) document(name string, value any) error {
	file, err := w.file(name)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(file)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

func (w *writer) profile(ctx context.Context) error {
	row, err := w.q.ProfileOf(ctx, w.account)
	if err != nil {
		return err
	}
	return w.document("account.json", struct {
		ID               uuid.UUID  `json:"id"`
		Username         string     `json:"username"`
		DisplayName      string     `json:"display_name"`
		About            string     `json:"about"`
		Email            *string    `json:"email"`
		EmailConfirmedAt *time.Time `json:"email_confirmed_at"`
		Role             string     `json:"role"`
		TimeZone         string     `json:"time_zone"`
		CreatedAt        time.Time  `json:"created_at"`
		WrittenAt        time.Time  `json:"archive_written_at"`
	}{w.account, row.Username, row.DisplayName, row.About, row.Email, row.EmailConfirmedAt, row.Role, row.TimeZone, row.CreatedAt.UTC(), w.at})
}

func (w *writer) sessions(ctx context.Context) error {
	type session struct {
		Browser  string    `json:"browser"`
		Address  string    `json:"address"`
		BegunAt  time.Time `json:"begun_at"`
		LastSeen time.Time `json:"last_seen_at"`
	}
	rows, err := w.q.SessionsOf(ctx, w.account, mostSessions)
	if err != nil {
		return err
	}
	all := make([]session, 0, len(rows))
	for _, row := range rows {
		all = append(all, session{row.Browser, words(row.Address), row.CreatedAt.UTC(), row.SeenAt.UTC()})
	}
	return w.document("sessions.json", all)
}

func (w *writer) record(ctx context.Context) error {
	type event struct {
		At      time.Time `json:"at"`
		Kind    string    `json:"kind"`
		Actor   string    `json:"actor,omitempty"`
		Browser string    `json:"browser,omitempty"`
		Address string    `json:"address,omitempty"`
		Detail  string    `json:"detail,omitempty"`
	}
	file, err := w.file("record.json")
	if err != nil {
		return err
	}
	list := newList(file)
	for before := int64(math.MaxInt64); ; {
		rows, err := w.q.ListEventsOf(ctx, db.ListEventsOfParams{UserID: w.account, Before: before, Most: eventsAtOnce})
		if err != nil {
			return err
		}
		for _, row := range rows {
			happened := event{At: row.CreatedAt.UTC(), Kind: row.Kind, Actor: row.Actor, Detail: row.Detail}
			if row.Actor == "" { // else it is somebody else's
				happened.Browser, happened.Address = row.Browser, words(row.Address)
			}
			if err := list.add(happened); err != nil {
				return err
			}
			before = row.ID
		}
		if len(rows) < eventsAtOnce {
			return list.end()
		}
	}
}

func words(address *netip.Addr) string {
	if address == nil {
		return ""
	}
	return address.String()
}
