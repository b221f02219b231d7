// Package account keeps the people who may write: joining, logging in, and the
// sessions of their browsers.
package account

import (
	"cmp"
	"log/slog"
	"sync/atomic"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/password"
)

// Roles an account can have.
const (
	RoleOwner  = "owner"
	RoleAuthor = "author"
)

// User is an account, as the one who is logged in.
type User struct {
	ID       uuid.UUID
	Username string
	Name     string // that is shown; empty: the username
	Role     string
	TimeZone string // in which they see times while they write

	PasswordNumber int32 // which of its passwords was checked: with an older one no session begins
	Back           bool  // the log-in has just brought the account back, which was deleted
}

// ShownName is the name that readers see.
func (u User) ShownName() string { return cmp.Or(u.Name, u.Username) }

// IsOwner tells whether the blog is this account's to run.
func (u User) IsOwner() bool { return u.Role == RoleOwner }

// Signup says who may join through the browser.
type Signup string

// The modes of signing up, as the setting spells them.
const (
	SignupOpen   Signup = "open"
	SignupInvite Signup = "invite"
	SignupClosed Signup = "closed"
)

// Rules are the settings that accounts obey.
type Rules struct {
	Signup         Signup
	PasswordMin    int  // characters
	Mail           bool // whether there is a mail server
	SignupsPerHour int  // by one address; 0 is 30
	SignupsPerDay  int  // in all; 0 is 1,000

	Blog string       // its title, which no password may contain
	Log  *slog.Logger // gets a line for each event of the record; nil: none
}

// Accounts is the register of all accounts. It is safe for concurrent use.
type Accounts struct {
	store  *db.Store
	gate   *password.Gate
	rules  Rules
	logins *queues
	log    *slog.Logger
	mode   atomic.Pointer[seenMode]

	readings atomic.Int64 // of the mode, begun so far
	looking  atomic.Bool  // the mode is being read
}

// New makes the register kept in store, whose passwords are hashed through gate.
func New(store *db.Store, gate *password.Gate, rules Rules) *Accounts {
	rules.SignupsPerHour = cmp.Or(rules.SignupsPerHour, signupsAtAddress)
	rules.SignupsPerDay = cmp.Or(rules.SignupsPerDay, signupsInAll)
	log := rules.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Accounts{store: store, gate: gate, rules: rules, logins: newQueues(), log: log}
}

// Rules returns the settings in force.
func (a *Accounts) Rules() Rules { return a.rules }

// passwordContext is what the password of such an account must not be made of; what is not known is "".
func (a *Accounts) passwordContext(username, email string) password.Context {
	return password.Context{Username: username, Email: email, Blog: a.rules.Blog}
}
