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

const tooManyLogins = "Too many log-ins have failed."

// LogIn finds the account with this username or email and password. An unknown
// name costs and says the same as a wrong password; only an imported account's wrong
// ones cost its old hash besides, until its first login (password.Gate.Verify). It
// returns fault.Invalid; fault.Throttled, whatever the password, after too many failures;
// or fault.ErrBusy when too many passwords are being hashed.
func (a *Accounts) LogIn(ctx context.Context, name, pw string, from Client) (User, error) {
	if problems := missing(name, pw); problems != nil {
		return User{}, problems
	}
	typed := fold(name)
	leave, err := a.logins.enter(ctx, typed)
	if err != nil {
		return User{}, err
	}
	defer leave()
	name, pw = possible(typed, pw)
	found, err := a.findForLogin(ctx, name, from.Device)
	if err != nil {
		return User{}, err
	}
	buckets := loginBuckets(typed, found.KnowsDevice, from)
	if err := a.takeTurns(ctx, buckets, tooManyLogins); err != nil {
		return User{}, err
	}
	ok, rehash, err := a.gate.Verify(ctx, found.PasswordHash, pw)
	switch {
	case err != nil:
		return User{}, errors.Join(busyOr(err), a.giveBack(ctx, buckets))
	case !ok:
		return User{}, refusedLogin()
	}
	if rehash {
		err = a.rehash(ctx, found, pw)
	}
	if err := errors.Join(err, a.giveBack(ctx, buckets)); err != nil {
		return User{}, err
	}
	return User{ID: found.ID, Username: found.Username, Role: found.Role}, nil
}

// findForLogin finds who is meant; nobody is an account without a password, which none matches.
func (a *Accounts) findForLogin(ctx context.Context, name string, device Token) (db.UserForLoginRow, error) {
	hash, _ := device.hash()
	found, err := a.store.UserForLogin(ctx, hash, name)
	if db.IsNone(err) {
		return db.UserForLoginRow{}, nil
	}
	return found, err
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
