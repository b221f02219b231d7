package account_test

import (
	"errors"
	"slices"
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
)

func TestTheListHasEveryAccountOnceByName(t *testing.T) {
	t.Parallel()
	for _, count := range []int{0, 1, 499, 500, 501, 1000, 1203} { // 500 are read at once
		r := newRegister(t)
		dbtest.Exec(t, r.store, `SELECT create_user(gen_random_uuid(), 'user-' || lpad(n::text, 4, '0'), NULL, '-', 'author', 'import', 'open', NULL)
			FROM generate_series(1, $1) AS n`, count)
		var names []string
		noError(t, r.List(t.Context(), func(entry account.Entry) error {
			names = append(names, entry.Username)
			return nil
		}))
		if len(names) != count || !slices.IsSorted(names) || len(slices.Compact(names)) != count {
			t.Errorf("of %d accounts it has %d", count, len(names))
		}
	}
}

func TestALineOfTheListSaysWhoItIs(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada, err := r.Add(t.Context(), account.Application{
		Username: "ada", Email: "ada@example.org", Password: dbtest.Password,
	}, account.RoleOwner)
	noError(t, err)
	r.user("bob")
	dbtest.Exec(t, r.store, "UPDATE users SET disabled_at = now() WHERE username = 'bob'")
	dbtest.Post(t, r.store, ada.ID)
	dbtest.Post(t, r.store, ada.ID, func(p *dbtest.NewPost) { p.Draft = true })
	dbtest.Post(t, r.store, ada.ID, func(p *dbtest.NewPost) { p.Title, p.Deleted = "Deleted", true })
	var got []account.Entry
	noError(t, r.List(t.Context(), func(entry account.Entry) error {
		if entry.CreatedAt.IsZero() {
			t.Errorf("%s never joined", entry.Username)
		}
		entry.CreatedAt = account.Entry{}.CreatedAt
		got = append(got, entry)
		return nil
	}))
	want := []account.Entry{
		{Username: "ada", Email: "ada@example.org", Role: account.RoleOwner, State: "active", Posts: 2},
		{Username: "bob", Role: account.RoleAuthor, State: "disabled"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTheListStopsWhenItsReaderDoes(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	r.user("bob")
	enough, calls := errors.New("enough"), 0
	err := r.List(t.Context(), func(account.Entry) error { calls++; return enough })
	if !errors.Is(err, enough) || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}
