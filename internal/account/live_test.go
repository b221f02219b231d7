package account_test

import (
	"testing"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
)

func TestTheSessionUnusedForLongestEndsWhenThereAreAHundred(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada, bob := r.user("ada"), r.user("bob")
	bobs, first := r.session(bob), r.session(ada)
	dbtest.Exec(t, r.store, "UPDATE sessions SET seen_at = now() - interval '10 days'")
	second := r.session(ada)
	dbtest.Exec(t, r.store, `INSERT INTO sessions (token_hash, user_id)
		SELECT sha256(n::text::bytea), $1 FROM generate_series(1, 98) AS n`, ada.ID)
	newest := r.session(ada)
	r.isEnded(first)
	for _, token := range []account.Token{second, bobs, newest} {
		if _, err := r.Session(t.Context(), token, account.Client{}); err != nil {
			t.Errorf("one more was ended: %v", err)
		}
	}
	current, err := r.Session(t.Context(), second, account.Client{})
	noError(t, err)
	live, err := r.Sessions(t.Context(), current)
	noError(t, err)
	if len(live) != 100 || !live[0].Current {
		t.Errorf("%d are listed, the first of them is %+v", len(live), live[0])
	}
	outdated := ada
	outdated.PasswordNumber = 7
	if _, err := r.StartSession(t.Context(), outdated, account.Client{}); err == nil {
		t.Error("it began with a password that was changed")
	}
	if n := dbtest.One[int](t, r.store, "SELECT count(*) FROM sessions WHERE user_id = $1", ada.ID); n != 100 {
		t.Errorf("%d are left after a log-in that was refused", n)
	}
}
