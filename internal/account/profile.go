package account

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"miniblog/db"
	"miniblog/internal/fault"
)

// Limits of what people tell of themselves, in characters; the users table has them too.
const (
	MaxNameRunes  = 60
	MaxAboutRunes = 500
)

// changesOfProfile is how often an hour: each is a line of the record, which only grows.
const changesOfProfile = 30

const tooManyProfiles = "You have changed your profile very often."

// Profile is what an account keeps of who has it.
type Profile struct {
	Username  string
	Name      string // that readers see; empty: the username
	About     string
	Email     string
	Confirmed bool // the email is
	Role      string
	JoinedAt  time.Time
	TimeZone  string // in which they see times while they write
}

// ProfileOf reads the user's profile.
func (a *Accounts) ProfileOf(ctx context.Context, user User) (Profile, error) {
	row, err := a.store.ProfileOf(ctx, user.ID)
	if db.IsNone(err) {
		return Profile{}, fault.ErrUnauthenticated
	}
	return Profile{
		Username: row.Username, Name: row.DisplayName, About: row.About, Email: orEmpty(row.Email),
		Confirmed: row.EmailConfirmedAt != nil, Role: row.Role, JoinedAt: row.CreatedAt, TimeZone: row.TimeZone,
	}, err
}

// SetProfile keeps the name that readers see, and what the user tells of themselves, which
// may both be empty, and the time zone in which they write. What is kept already is kept
// once. It returns fault.Invalid for the fields name, about and time_zone, or fault.Throttled when they were changed too often.
func (a *Accounts) SetProfile(ctx context.Context, user User, name, about, timeZone string, from Client) error {
	name, about = strings.TrimSpace(name), strings.TrimSpace(unixLines(about))
	var problems fault.Invalid
	if words := a.displayNameProblem(name); words != "" {
		problems = append(problems, fault.Problem{Field: "name", Message: words})
	} else if taken, err := a.isSomebodyElses(ctx, user, name); err != nil {
		return err
	} else if taken {
		problems = append(problems, fault.Problem{Field: "name", Message: nameOfAnother})
	}
	if words := aboutProblem(about); words != "" {
		problems = append(problems, fault.Problem{Field: "about", Message: words})
	}
	zone, known := zoneNamed(timeZone)
	if !known {
		problems = append(problems, fault.Problem{Field: "time_zone", Message: noSuchZone})
	}
	if problems != nil {
		return problems
	}
	before, err := a.ProfileOf(ctx, user)
	if err != nil || before.Name == name && before.About == about && before.TimeZone == zone {
		return err
	}
	turn := []bucket{newBucket("profile", user.ID.String()).per(time.Hour, changesOfProfile)}
	if err := takeTurns(ctx, a.store.Queries, turn, tooManyProfiles); err != nil {
		return err
	}
	return a.recorded(ctx, Event{Kind: ProfileChanged, User: user, From: from}, func(q *db.Queries) error {
		return q.SetProfile(ctx, db.SetProfileParams{ID: user.ID, DisplayName: name, About: about, TimeZone: zone})
	})
}

const nameOfAnother = "That is the name of somebody else here. Choose another."

// displayNameProblem tells in words what keeps a name from being shown, or "".
func (a *Accounts) displayNameProblem(name string) string {
	like := likeness(name)
	switch {
	case utf8.RuneCountInString(name) > MaxNameRunes:
		return "A name has at most 60 characters. Shorten it a little."
	case !utf8.ValidString(name), hidesSomething(name):
		return "The name holds characters that cannot be seen. Remove them and try again."
	case mixesAlphabets(name):
		return "A word of the name mixes letters of several alphabets. Write each word in one."
	case reserved[like], like != "" && like == likeness(a.rules.Blog):
		return "That name is kept for the blog itself. Choose another."
	}
	return ""
}

func aboutProblem(about string) string {
	switch {
	case utf8.RuneCountInString(about) > MaxAboutRunes:
		return "This has more than 500 characters. Shorten it a little."
	case !utf8.ValidString(about), strings.ContainsFunc(about, disturbsText):
		return "The text holds characters that cannot be kept. Remove them and try again."
	}
	return ""
}

// isSomebodyElses tells whether readers would take the name for the username of another
// account, or for the name of an owner. Two authors may have one name, as people do.
func (a *Accounts) isSomebodyElses(ctx context.Context, user User, name string) (bool, error) {
	like := likeness(name)
	if like == "" || like == user.Username {
		return false, nil
	}
	if usernameForm.MatchString(like) {
		if taken, err := a.store.UsernameTaken(ctx, like, user.ID); taken || err != nil {
			return taken, err
		}
	}
	owners, err := a.store.OwnerNames(ctx, user.ID)
	return slices.ContainsFunc(owners, func(owner string) bool { return likeness(owner) == like }), err
}

// disturbsText tells of control characters, other than ends of lines and tabs, and of those
// that turn the text around them, and would turn the page's own.
func disturbsText(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

func unixLines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}
