package account_test

import (
	"net/netip"
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
)

// happens writes events of the user down, oldest first.
func (r *register) happens(user account.User, events int) {
	r.t.Helper()
	dbtest.Exec(r.t, r.store, `INSERT INTO events (kind, user_id, username, browser, address)
		SELECT 'logged-in', $1, $2, 'Firefox on Linux', '192.0.2.7' FROM generate_series(1, $3)`, user.ID, user.Username, events)
}

func TestARecordComesInPagesNewestFirst(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada, bob := r.user("ada"), r.user("bob")
	r.happens(ada, 70)
	r.happens(bob, 1)
	r.happens(ada, 50)
	for name, read := range map[string]func(before int64) (account.RecordPage, error){
		"one's own":   func(before int64) (account.RecordPage, error) { return r.RecordOf(t.Context(), ada, before) },
		"everybody's": func(before int64) (account.RecordPage, error) { return r.Record(t.Context(), before) },
	} {
		var sizes []int
		last := int64(1 << 62)
		for before := int64(0); ; {
			page, err := read(before)
			noError(t, err)
			for _, event := range page.Events {
				if event.ID >= last || name == "one's own" && event.Username != "ada" {
					t.Fatalf("%s: after %d comes %+v", name, last, event)
				}
				last = event.ID
			}
			sizes = append(sizes, len(page.Events))
			if before = page.Next; before == 0 {
				break
			}
		}
		if len(sizes) != 3 || sizes[0] != 50 || sizes[1] != 50 || sizes[2] < 20 {
			t.Errorf("%s: pages of %v", name, sizes)
		}
	}
	first, err := r.LastOf(t.Context(), ada)
	noError(t, err)
	if len(first.Events) != 10 || first.Next != first.Events[9].ID {
		t.Errorf("the last are %d, then %d", len(first.Events), first.Next)
	}
}

func TestARecordTellsWhenWhenceAndByWhom(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	from := account.Client{Address: netip.MustParseAddr("2001:db8::7"), Browser: "Firefox on Linux"}
	_, err := r.StartSession(t.Context(), ada, from)
	noError(t, err)
	_, err = r.NewLink(t.Context(), "ada", "owen", account.Client{})
	noError(t, err)
	page, err := r.RecordOf(t.Context(), ada, 0)
	noError(t, err)
	if len(page.Events) != 2 || page.Next != 0 {
		t.Fatalf("the record is %+v", page)
	}
	made, begun := page.Events[0], page.Events[1]
	if made.Kind != account.LinkMade || made.Actor != "owen" || made.Address != "" || made.At.IsZero() {
		t.Errorf("the link: %+v", made)
	}
	if begun.Kind != account.LoggedIn || begun.Actor != "" || begun.Address != "2001:db8::7" || begun.Browser != "Firefox on Linux" || begun.Username != "ada" {
		t.Errorf("the log-in: %+v", begun)
	}
}
