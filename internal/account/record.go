package account

import (
	"context"
	"math"
	"net/netip"
	"time"

	"miniblog/db"
)

// How much of a record is read at once.
const (
	recordPage = 50
	recordLast = 10
)

// Recorded is something that happened to an account, as it was written down.
type Recorded struct {
	ID       int64
	At       time.Time
	Kind     Kind
	Username string // whom it concerns, as they were called then; empty for a name that no account has
	Actor    string // who did it, when it was somebody else
	Browser  string // in words; empty when it is not known
	Address  string
	Detail   string
}

// RecordPage is a page of a record, newest first.
type RecordPage struct {
	Events []Recorded
	Next   int64 // the page after this one begins before that id; 0 at the end
}

// LastOf is the newest of what happened to the user's account, for a page that shows more.
func (a *Accounts) LastOf(ctx context.Context, user User) (RecordPage, error) {
	return a.recordOf(ctx, user, 0, recordLast)
}

// RecordOf is a page of what happened to the user's account in the last 90 days, from
// before an id; 0 begins with the newest.
func (a *Accounts) RecordOf(ctx context.Context, user User, before int64) (RecordPage, error) {
	return a.recordOf(ctx, user, before, recordPage)
}

// Record is a page of what happened to everybody's account, as RecordOf is of one.
func (a *Accounts) Record(ctx context.Context, before int64) (RecordPage, error) {
	rows, err := a.store.ListEvents(ctx, orNewest(before), recordPage+1)
	return recordPageOf(rows, err, recordPage, func(r db.ListEventsRow) Recorded { return recordedFrom(db.ListEventsOfRow(r)) })
}

func (a *Accounts) recordOf(ctx context.Context, user User, before int64, most int) (RecordPage, error) {
	rows, err := a.store.ListEventsOf(ctx, db.ListEventsOfParams{UserID: user.ID, Before: orNewest(before), Most: int32(most + 1)})
	return recordPageOf(rows, err, most, recordedFrom)
}

func orNewest(before int64) int64 {
	if before <= 0 {
		return math.MaxInt64
	}
	return before
}

// recordPageOf keeps most of the rows; one more came when the record goes on.
func recordPageOf[R any](rows []R, err error, most int, recorded func(R) Recorded) (page RecordPage, _ error) {
	if err != nil {
		return RecordPage{}, err
	}
	for _, row := range rows[:min(len(rows), most)] {
		page.Events = append(page.Events, recorded(row))
	}
	if len(rows) > most {
		page.Next = page.Events[most-1].ID
	}
	return page, nil
}

func recordedFrom(r db.ListEventsOfRow) Recorded {
	return Recorded{
		ID: r.ID, At: r.CreatedAt, Kind: Kind(r.Kind), Username: r.Username,
		Actor: r.Actor, Browser: r.Browser, Address: addressWords(r.Address), Detail: r.Detail,
	}
}

// addressWords is an address as people write it; "" when it is not known.
func addressWords(address *netip.Addr) string {
	if address == nil {
		return ""
	}
	return address.String()
}
