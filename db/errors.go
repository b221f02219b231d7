package db

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Names of the constraints whose breaking has a meaning for people.
const (
	UsernameKey = "users_username_key"
	EmailKey    = "users_email_key"
	SlugKey     = "posts_slug_key"

	SignupOpen  = "users_signup_open"  // nobody may join now
	Invited     = "users_invited"      // nobody may join without a live invitation
	AuthorLives = "posts_author_lives" // the post's author has been deleted
)

// IsNone tells whether err means that a query for one row found none.
func IsNone(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// Breaks tells whether err is PostgreSQL's refusal for the constraint of that name.
func Breaks(err error, constraint string) bool {
	var refusal *pgconn.PgError
	return errors.As(err, &refusal) && refusal.ConstraintName == constraint
}

// IsAway tells whether err means that the database cannot be reached or cannot
// serve for now: no connection, a lost one, starting, stopping, out of
// connections, or no answer within the deadline.
func IsAway(err error) bool {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return true
	}
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) {
		return isAwayCode(refusal.Code)
	}
	var network net.Error
	return errors.As(err, &network) ||
		errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.DeadlineExceeded) ||
		pgconn.Timeout(err) ||
		pgconn.SafeToRetry(err)
}

// IsTooSlow tells whether the server ended a query that took longer than it may.
func IsTooSlow(err error) bool {
	const canceled = "57014"
	var refusal *pgconn.PgError
	return errors.As(err, &refusal) && refusal.Code == canceled
}

// IsUnwelcome tells whether the server refused this program's user, password or
// database: waiting mends that no sooner than somebody changes a setting.
func IsUnwelcome(err error) bool {
	const noSuchDatabase = "3D000"
	var refusal *pgconn.PgError
	return errors.As(err, &refusal) && (strings.HasPrefix(refusal.Code, "28") || refusal.Code == noSuchDatabase)
}

// isAwayCode reads an SQLSTATE (PostgreSQL manual, appendix A): class 08 is
// connection trouble, class 57P the server starting or stopping.
func isAwayCode(code string) bool {
	const tooManyConnections, readOnly = "53300", "25006"
	return strings.HasPrefix(code, "08") ||
		strings.HasPrefix(code, "57P") ||
		code == tooManyConnections ||
		code == readOnly
}
