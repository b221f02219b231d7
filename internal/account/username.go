package account

import (
	"context"
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

// usernameForm is the same as the check in the users table.
var usernameForm = regexp.MustCompile(`^[a-z0-9_-]{3,32}$`)

// reserved are names that would pass for the blog's own people or pages.
var reserved = makeSet(`
	abuse admin administrator anonymous api archive assets author authors blog dashboard everyone feed forgot
	guest healthz help here hostmaster info login logout me miniblog mod moderator new nobody null official owner
	page post postmaster posts readyz reset robots root search security settings signup sitemap staff static
	support sysadmin system tags team undefined user users webmaster you`)

func makeSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// fold is how names and emails are kept and looked up: without the blanks that
// phones add and without regard to case.
func fold(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// Fold is how a username or an email of an account elsewhere is kept and looked up here.
func Fold(text string) string { return fold(text) }

// UsernameProblem tells in words what keeps a new account from this username, or
// "" when it is free.
func (a *Accounts) UsernameProblem(ctx context.Context, username string) (string, error) {
	return a.usernameProblem(ctx, fold(username), uuid.Nil, usernameTaken)
}

// usernameProblem tells in words what keeps that account, or a new one, from a folded
// username, or "" when it is free or was the account's own before; taken is what to say when it is
// or was another's.
func (a *Accounts) usernameProblem(ctx context.Context, username string, id uuid.UUID, taken string) (string, error) {
	if problem := NameProblem(username); problem != "" {
		return problem, nil
	}
	is, err := a.store.UsernameTaken(ctx, username, id)
	if is {
		return taken, nil
	}
	return "", err
}

// NameProblem tells in words what keeps a folded username from being anybody's, or "".
func NameProblem(username string) string {
	switch {
	case username == "":
		return "Choose a username."
	case !usernameForm.MatchString(username):
		return "A username has 3 to 32 characters: letters a to z, digits, - and _."
	case reserved[username]:
		return "That name is kept for the blog itself. Choose another."
	}
	return ""
}

const (
	usernameTaken = "That username is taken. Choose another."
	// For whoever lists the accounts and does not find it.
	usernameOnceTaken = "That username is taken: an account has it, or had it once, and links lead there. Choose another."
	emailTaken        = "That email address cannot be used here. Leave it out, or use another."
)

// maxEmailBytes is the longest address SMTP can deliver to (RFC 5321, 4.5.3.1.3).
const maxEmailBytes = 254

// unseen tells of characters that show nothing or turn what is around them: net/mail
// lets them pass, and they would reach the terminal of whoever lists the accounts.
func unseen(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }

// EmailProblem tells in words what is wrong with a folded email address, or "".
func EmailProblem(email string) string { return emailProblem(email) }

func emailProblem(email string) string {
	if email == "" {
		return ""
	}
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > maxEmailBytes ||
		strings.ContainsFunc(email, unseen) ||
		strings.ContainsRune(email, utf8.RuneError) { // what fold makes of bad UTF-8
		return "That is not an email address. Mend it, or leave it out."
	}
	return ""
}
