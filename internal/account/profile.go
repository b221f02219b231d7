package account

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"miniblog/db"
	"miniblog/internal/fault"
)

// Limits of what people tell of themselves, in characters; the users table has them too.
const (
	MaxNameRunes  = 60
	MaxAboutRunes = 500
)

// Profile is what an account keeps of who has it.
type Profile struct {
	Username  string
	Name      string // that readers see; empty: the username
	About     string
	Email     string
	Confirmed bool // the email is
	Role      string
	JoinedAt  time.Time
}

// ProfileOf reads the user's profile.
func (a *Accounts) ProfileOf(ctx context.Context, user User) (Profile, error) {
	row, err := a.store.ProfileOf(ctx, user.ID)
	if db.IsNone(err) {
		return Profile{}, fault.ErrUnauthenticated
	}
	return Profile{
		Username: row.Username, Name: row.DisplayName, About: row.About, Email: orEmpty(row.Email),
		Confirmed: row.EmailConfirmedAt != nil, Role: row.Role, JoinedAt: row.CreatedAt,
	}, err
}

// SetProfile keeps the name that readers see, and what the user tells of themselves; both
// may be empty. What is kept already is kept once. It returns fault.Invalid for the fields
// name and about.
func (a *Accounts) SetProfile(ctx context.Context, user User, name, about string, from Client) error {
	name, about = strings.TrimSpace(name), strings.TrimSpace(unixLines(about))
	var problems fault.Invalid
	if words := displayNameProblem(name); words != "" {
		problems = append(problems, fault.Problem{Field: "name", Message: words})
	} else if taken, err := a.isSomebodyElses(ctx, user, name); err != nil {
		return err
	} else if taken {
		problems = append(problems, fault.Problem{Field: "name", Message: nameOfAnother})
	}
	if words := aboutProblem(about); words != "" {
		problems = append(problems, fault.Problem{Field: "about", Message: words})
	}
	if problems != nil {
		return problems
	}
	before, err := a.ProfileOf(ctx, user)
	if err != nil || before.Name == name && before.About == about {
		return err
	}
	return a.recorded(ctx, Event{Kind: ProfileChanged, User: user, From: from}, func(q *db.Queries) error {
		return q.SetProfile(ctx, db.SetProfileParams{ID: user.ID, DisplayName: name, About: about})
	})
}

const nameOfAnother = "That is the username of somebody else. Choose another name."

// displayNameProblem tells in words what keeps a name from being shown, or "".
func displayNameProblem(name string) string {
	switch {
	case utf8.RuneCountInString(name) > MaxNameRunes:
		return "A name has at most 60 characters. Shorten it a little."
	case !utf8.ValidString(name), strings.ContainsFunc(name, unseenInName):
		return "The name holds characters that cannot be seen. Remove them and try again."
	case reserved[plain(name)]:
		return "That name is kept for the blog itself. Choose another."
	}
	return ""
}

// unseenInName tells of characters that show nothing, or turn what is around them. Some
// letters are blank by design: the fillers of Hangul and the empty pattern of Braille.
func unseenInName(r rune) bool {
	switch r {
	case ' ':
		return false
	case '\u115f', '\u1160', '\u2800', '\u3164', '\uffa0':
		return true
	}
	return unseen(r)
}

func aboutProblem(about string) string {
	switch {
	case utf8.RuneCountInString(about) > MaxAboutRunes:
		return "This has more than 500 characters. Shorten it a little."
	case !utf8.ValidString(about), strings.ContainsFunc(about, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return "The text holds characters that cannot be kept. Remove them and try again."
	}
	return ""
}

// isSomebodyElses tells whether another account has the name as its username: readers
// would take one for the other.
func (a *Accounts) isSomebodyElses(ctx context.Context, user User, name string) (bool, error) {
	folded := plain(name)
	if !usernameForm.MatchString(folded) || folded == user.Username {
		return false, nil
	}
	return a.store.UsernameTaken(ctx, folded)
}

// plain is a name as it is compared with usernames: full-width and other forms of a letter
// are that letter (Unicode's NFKC).
func plain(name string) string { return fold(norm.NFKC.String(name)) }

func unixLines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}
