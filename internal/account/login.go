package account

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"miniblog/db"
	"miniblog/internal/fault"
	"miniblog/internal/password"
)

// wrongLogin says the same for an unknown name and a wrong password.
const wrongLogin = "Wrong username or password. Passwords are case-sensitive."

const disabledLogin = "This account is disabled. Ask the blog’s owner."

const tooManyLogins = "Too many log-ins have failed."

// LogIn finds the account with this username or email and password, and begins a session
// for it as StartSession does. An unknown
// name costs and says the same as a wrong password; only an imported account's wrong
// ones cost its old hash besides, until its first login (password.Gate.Verify). It
// brings back who has deleted their own account (User.Back). It
// returns fault.Invalid; fault.Throttled, whatever the password, after too many failures;
// fault.ErrBusy when too many passwords are being hashed; or what StartSession returns. Only who knows the password
// is told that an account is disabled.
func (a *Accounts) LogIn(ctx context.Context, name, pw string, from Client) (User, Tokens, error) {
	if problems := missing(name, pw); problems != nil {
		return User{}, Tokens{}, problems
	}
	var user User
	var tokens Tokens
	err := a.verify(ctx, name, pw, from, func(found db.UserForLoginRow, turns []bucket) (err error) {
		if user, err = a.admit(ctx, found, from); err != nil {
			return errors.Join(err, a.giveBack(ctx, turns))
		}
		tokens, err = a.replaceSession(ctx, Event{Kind: LoggedIn, User: user, From: from}, turns)
		if errors.Is(err, fault.ErrUnauthenticated) { // after any other error a session may have begun all the same
			err = errors.Join(err, a.giveBack(ctx, turns))
		}
		return err
	})
	if err != nil {
		return User{}, Tokens{}, err
	}
	return user, tokens, nil
}

// admit lets in who has proven to be this user, unless the account is closed. Who has
// deleted their account brings it back by that.
func (a *Accounts) admit(ctx context.Context, found db.UserForLoginRow, from Client) (User, error) {
	switch {
	case found.DisabledAt != nil:
		return User{}, fault.Invalid{{Field: "username", Message: disabledLogin}}
	case found.DeletedAt != nil:
		return a.bringBack(ctx, userFor(found), *found.DeletedAt, from)
	}
	return userFor(found), nil
}

func userFor(found db.UserForLoginRow) User {
	return User{
		ID: found.ID, Username: found.Username, Name: found.DisplayName, Role: found.Role, TimeZone: found.TimeZone, PasswordNumber: found.PasswordNumber,
	}
}

// verify finds the account of that name whose password this is, and lets it in, which gives the turns back. A
// wrong password counts in the throttle, and is written down.
func (a *Accounts) verify(ctx context.Context, name, pw string, from Client, letIn func(found db.UserForLoginRow, turns []bucket) error) error {
	typed := fold(name)
	leave, err := a.logins.enter(ctx, typed)
	if err != nil {
		return err
	}
	defer leave()
	name, pw = possible(typed, pw)
	found, turns, err := a.findForLogin(ctx, name, loginBuckets(typed, from), from)
	if err != nil {
		return err
	}
	if err := throttledFor(found.Seconds, tooManyLogins); err != nil {
		return a.refuse(ctx, LoginThrottled, found, typed, from, err)
	}
	ok, rehash, err := a.gate.Verify(ctx, found.PasswordHash, pw)
	switch {
	case err != nil:
		err = busyOr(err)
	case !ok:
		return a.refuse(ctx, LoginRefused, found, typed, from, refusedLogin())
	case rehash:
		err = a.rehash(ctx, found, pw)
	}
	if err != nil {
		return errors.Join(err, a.giveBack(ctx, turns))
	}
	return letIn(found, turns)
}

// refuse returns the refusal, once it is written down.
func (a *Accounts) refuse(ctx context.Context, kind Kind, found db.UserForLoginRow, typed string, from Client, refusal error) error {
	if err := a.noteRepeated(ctx, Event{Kind: kind, User: userFor(found), From: from}, typed); err != nil {
		return err
	}
	return refusal
}

// findForLogin finds who is meant, and takes a turn: in the buckets of a stranger or in the one of a known device, and tells in which. Nobody
// is an account without a password, which none matches, and neither is one that an owner has removed. Where mail is
// sent, an address that was not confirmed is nobody's name: who names it first learns nothing by that.
func (a *Accounts) findForLogin(ctx context.Context, name string, turns []bucket, from Client) (db.UserForLoginRow, []bucket, error) {
	device, _ := from.Device.hash()
	kinds, numbers, windows, mosts := columns(turns)
	found, err := a.store.UserForLogin(ctx, db.UserForLoginParams{
		Device: device, Name: name, Confirmed: a.rules.Mail, Kinds: kinds, Buckets: numbers, Windows: windows, Mosts: mosts,
	})
	if found.DeviceBucket != nil {
		turns = []bucket{{kind: "device", number: *found.DeviceBucket}}
	}
	return found, turns, err
}

// possible makes a name that no account has of what none can have, so that neither
// PostgreSQL nor the hash is asked about bytes it would refuse or be slowed by.
func possible(name, pw string) (string, string) {
	switch {
	case len(pw) > password.MaxBytes:
		return "", pw[:password.MaxBytes]
	case len(name) > maxEmailBytes, !utf8.ValidString(name), strings.ContainsRune(name, 0):
		return "", pw
	}
	return name, pw
}

func missing(name, pw string) error {
	var problems fault.Invalid
	if strings.TrimSpace(name) == "" {
		problems = append(problems, fault.Problem{Field: "username", Message: "Enter your username or email address."})
	}
	if pw == "" {
		problems = append(problems, fault.Problem{Field: "password", Message: "Enter your password."})
	}
	return problems.OrNil()
}

func refusedLogin() error {
	return fault.Invalid{{Field: "password", Message: wrongLogin}}
}

// rehash keeps the password at today's cost. When the processors are busy it is
// left for the next login: the person is let in all the same.
func (a *Accounts) rehash(ctx context.Context, found db.UserForLoginRow, pw string) error {
	hash, err := a.gate.Hash(ctx, pw)
	if err != nil {
		return nil
	}
	return a.store.SetPasswordHash(ctx, db.SetPasswordHashParams{
		ID: found.ID, OldHash: found.PasswordHash, NewHash: hash,
	})
}
