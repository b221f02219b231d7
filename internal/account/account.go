// Package account keeps the people who may write: joining, logging in, and the
// sessions of their browsers.
package account

import (
	"cmp"

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
	Role     string
}

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

	Blog string // its title, which no password may contain
}

// Accounts is the register of all accounts. It is safe for concurrent use.
type Accounts struct {
	store  *db.Store
	gate   *password.Gate
	rules  Rules
	logins *queues
}

// New makes the register kept in store, whose passwords are hashed through gate.
func New(store *db.Store, gate *password.Gate, rules Rules) *Accounts {
	rules.SignupsPerHour = cmp.Or(rules.SignupsPerHour, signupsAtAddress)
	rules.SignupsPerDay = cmp.Or(rules.SignupsPerDay, signupsInAll)
	return &Accounts{store: store, gate: gate, rules: rules, logins: newQueues()}
}

// Rules returns the settings in force.
func (a *Accounts) Rules() Rules { return a.rules }

// passwordContext is what the password of such an account must not be made of; what is not known is "".
func (a *Accounts) passwordContext(username, email string) password.Context {
	return password.Context{Username: username, Email: email, Blog: a.rules.Blog}
}

// CanJoin tells whether anybody may make an account at the browser.
func (a *Accounts) CanJoin() bool { return a.rules.Signup == SignupOpen }
