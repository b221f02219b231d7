package account

import (
	"cmp"
	"context"
	"time"

	"miniblog/db"
	"miniblog/internal/fault"
)

// How long what pages show of the mode may lag behind another instance, and how long
// asking for it may take.
const (
	modeLasts = 5 * time.Second
	modeWait  = 2 * time.Second
)

// seenMode is the mode of signing up as it was read last.
type seenMode struct {
	mode Signup
	at   time.Time
	turn int64 // of this reading among all: an earlier one that comes late does not replace it
}

// CanJoin tells whether pages should invite anybody to make an account. It answers from
// memory, also while the database is away, and has the mode read again when that is some
// seconds old: what decides is the database, when somebody joins.
func (a *Accounts) CanJoin() bool {
	seen := a.mode.Load()
	if seen == nil || time.Since(seen.at) > modeLasts {
		a.lookAgain()
	}
	if seen == nil {
		return a.rules.Signup == SignupOpen
	}
	return seen.mode == SignupOpen
}

// lookAgain reads the mode beside whatever asks for it, once at a time.
func (a *Accounts) lookAgain() {
	if !a.looking.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer a.looking.Store(false)
		ctx, cancel := context.WithTimeout(context.Background(), modeWait)
		defer cancel()
		_, _ = a.Mode(ctx) // what was seen last stays
	}()
}

// Mode is how signing up stands now: what the owner has set, else what the settings say.
func (a *Accounts) Mode(ctx context.Context) (Signup, error) {
	turn := a.readings.Add(1)
	set, err := a.store.SignupMode(ctx)
	if err != nil {
		return a.rules.Signup, err
	}
	mode := a.rules.Signup
	if set != nil {
		mode = Signup(*set)
	}
	seen := &seenMode{mode, time.Now(), turn}
	for {
		old := a.mode.Load()
		if old != nil && old.turn > turn || a.mode.CompareAndSwap(old, seen) {
			return mode, nil
		}
	}
}

// MayJoin tells whether somebody with that invitation, or with none, could make an account
// now. It keeps nothing for them: the database decides again when they do.
func (a *Accounts) MayJoin(ctx context.Context, invitation Token) (bool, error) {
	mode, err := a.Mode(ctx)
	switch {
	case err != nil, mode == SignupClosed:
		return false, err
	case mode == SignupOpen:
		return true, nil
	}
	hash, ok := invitation.hash()
	if !ok {
		return false, nil
	}
	_, err = a.store.LiveInvitation(ctx, hash)
	if db.IsNone(err) {
		return false, nil
	}
	return err == nil, err
}

// SignupSet is the mode of signing up that an owner has set; "" when it is as the settings say.
func (a *Accounts) SignupSet(ctx context.Context) (Signup, error) {
	set, err := a.store.SignupMode(ctx)
	return Signup(orEmpty(set)), err
}

// SetSignup sets who may join from now on; "" leaves that to the settings. This instance
// shows it at once, others within seconds. It returns fault.ErrMalformed for what is no mode.
func (a *Accounts) SetSignup(ctx context.Context, mode Signup, by By) error {
	switch mode {
	case "", SignupOpen, SignupInvite, SignupClosed:
	default:
		return fault.ErrMalformed
	}
	changed := by.event(SignupChanged)
	changed.Detail = cmp.Or(string(mode), "as the settings say: "+string(a.rules.Signup))
	err := a.recorded(ctx, changed, func(q *db.Queries) error {
		if _, err := by.stillRuns(ctx, q); err != nil {
			return err
		}
		return did(q.SetSignupMode(ctx, orNull(string(mode))))
	})
	if err = unlessAlready(err); err != nil {
		return err
	}
	_, _ = a.Mode(ctx) // it is set all the same, and shows within seconds
	return nil
}
