package flask

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/account"
	"miniblog/internal/password"
)

// knownAtOnce is how many rows the blog is asked about in one query.
const knownAtOnce = 500

func (b *bringing) bringAccounts(ctx context.Context) error {
	if err := b.readPeople(ctx); err != nil {
		return err
	}
	here, err := b.known(ctx)
	if err != nil {
		return err
	}
	rivals := b.people.rivals()
	for _, p := range b.people.all {
		p.fate, p.note = here.judge(p, rivals[p])
		if p.fate == Imported {
			here.settleEmail(p)
			if err := b.addAccount(ctx, p); err != nil {
				return err
			}
		}
		b.report.add(Row{What: Account, Name: p.label, Fate: p.fate, Note: p.note})
	}
	return nil
}

// blogNow is what the blog has of the names in the file.
type blogNow struct {
	ids    map[uuid.UUID]string // the username of each
	names  map[string]bool
	former map[string]bool // that accounts had, which lead to them, and those of now
	emails map[string]bool // and those that accounts of the file have got since
}

func (b *bringing) known(ctx context.Context) (blogNow, error) {
	here := blogNow{map[uuid.UUID]string{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	if b.q == nil {
		return here, nil
	}
	for some := range slices.Chunk(b.people.all, knownAtOnce) {
		about := asked(some)
		rows, err := b.q.KnownUsers(ctx, about)
		if err != nil {
			return blogNow{}, err
		}
		former, err := b.q.KnownUsernames(ctx, about.Usernames, about.Most)
		if err != nil {
			return blogNow{}, err
		}
		for _, name := range former {
			here.former[name] = true
		}
		for _, row := range rows {
			here.ids[row.ID] = row.Username
			here.names[row.Username] = true
			if row.Email != nil {
				here.emails[*row.Email] = true
			}
		}
	}
	return here, nil
}

func asked(some []*person) db.KnownUsersParams {
	about := db.KnownUsersParams{Most: 3 * knownAtOnce} // each by its id, its name and its email
	for _, p := range some {
		about.Ids = append(about.Ids, p.id)
		about.Emails = append(about.Emails, p.email)
		if account.NameProblem(p.name) == "" { // or PostgreSQL may not even take it
			about.Usernames = append(about.Usernames, p.name)
		}
	}
	return about
}

// judge decides what becomes of an account.
func (here blogNow) judge(p *person, rival bool) (Fate, string) {
	username, present := here.ids[p.id]
	problem := account.NameProblem(p.name)
	switch {
	case present && username != p.raw:
		return Present, "as " + username
	case present:
		return Present, ""
	case p.raw == "":
		return NameImpossible, "its username is missing, or no text"
	case problem != "":
		return NameImpossible, problem
	case here.names[p.name]:
		return NameClash, "an account here is named " + p.name
	case here.former[p.name]:
		return NameClash, "an account here was named " + p.name + " once, and links lead there"
	case rival:
		return NameClash, "another account in the file would be " + p.name + ", too"
	}
	if problem := hashProblem(p.hash); problem != "" {
		return HashUnknown, problem
	}
	if p.name != p.raw {
		return Imported, "as " + p.name
	}
	return Imported, ""
}

// hashProblem tells in words why a password cannot be verified here, and nothing of it:
// it may be plain text.
func hashProblem(hash string) string {
	err := password.CheckImported(hash)
	method, _, _ := strings.Cut(strings.TrimPrefix(hash, "$"), "$")
	switch {
	case err == nil:
		return ""
	case hash == "":
		return "it has no password, or none that is text"
	case errors.Is(err, password.ErrCostly):
		return "its password is hashed at a cost beyond what a login may take here"
	case slices.Contains([]string{"sha256", "sha1", "md5", "sha512"}, method):
		return "its password is hashed in a single round of " + method
	case slices.Contains([]string{"2a", "2b", "2y"}, method):
		return "its password is hashed by bcrypt"
	case strings.HasPrefix(method, "argon2"):
		return "its password is hashed by " + method[:min(len(method), len("argon2id"))]
	}
	return "its password is plain text, or hashed in a way that is not known here"
}

// settleEmail drops an email that the account cannot have here.
func (here blogNow) settleEmail(p *person) {
	problem := ""
	switch {
	case p.email == "":
		return
	case account.EmailProblem(p.email) != "":
		problem = "without its email, which is no address"
	case here.emails[p.email]:
		problem = "without its email, which another account has"
	default:
		here.emails[p.email] = true
		return
	}
	p.email = ""
	p.note = strings.TrimPrefix(p.note+", "+problem, ", ")
}

// addAccount writes an account, unless this is a plan. Somebody may have taken the name
// since it was looked for.
func (b *bringing) addAccount(ctx context.Context, p *person) error {
	if !b.write {
		return nil
	}
	var email *string
	if p.email != "" {
		email = &p.email
	}
	added, err := b.q.ImportUser(ctx, db.ImportUserParams{ID: p.id, Username: p.name, Email: email, PasswordHash: p.hash})
	if err == nil && added == 0 {
		p.fate, p.note = NameClash, "somebody has just taken its name or email here: run this again"
	}
	return err
}
