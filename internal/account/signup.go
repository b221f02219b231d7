package account

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
	"miniblog/internal/password"
)

// Application is what somebody who wants to join typed.
type Application struct {
	Username string
	Email    string // optional
	Password string

	Invitation Token // of the link that was followed, if one was

	// Decoy is what was typed into a field that no person meets: something, by a program
	// that fills in whatever it finds.
	Decoy string
}

// Who makes an account, for create_user.
const (
	byVisitor  = "visitor"
	byOperator = "operator"
)

// tryAgain is what a program reads that has filled in the decoy: a refusal like any other.
// A person who ever met it loses nothing, for the decoy comes back empty.
const tryAgain = "That did not work. Enter your password again, and press Sign up once more."

const tooManySignups = "Too many accounts have been made here."

// SignUp makes an account for somebody at the browser, if the mode of signing up
// lets them, which the database decides as it makes the account. It returns
// fault.ErrForbidden when it does not, fault.Invalid, fault.Throttled when too many have
// signed up, or fault.ErrBusy when too many passwords are being hashed.
func (a *Accounts) SignUp(ctx context.Context, application Application, from Client) (User, error) {
	may, err := a.MayJoin(ctx, application.Invitation)
	if err != nil {
		return User{}, err
	}
	if !may {
		return User{}, fault.ErrForbidden
	}
	if application.Decoy != "" {
		return User{}, fault.Invalid{{Field: "password", Message: tryAgain}}
	}
	application = application.folded()
	if err := a.check(ctx, application, usernameTaken); err != nil {
		return User{}, err
	}
	buckets := a.signupBuckets(from)
	if err := takeTurns(ctx, a.store.Queries, buckets, tooManySignups); err != nil {
		return User{}, err
	}
	user, err := a.create(ctx, application, RoleAuthor, byVisitor, from)
	if err != nil {
		return User{}, errors.Join(err, a.giveBack(ctx, buckets))
	}
	return user, nil
}

// Add makes an account whatever the mode of signing up: for the one who runs the
// blog, whom nothing throttles. It returns fault.Invalid or fault.ErrBusy.
func (a *Accounts) Add(ctx context.Context, application Application, role string) (User, error) {
	application = application.folded()
	if err := a.check(ctx, application, usernameOnceTaken); err != nil {
		return User{}, err
	}
	return a.create(ctx, application, role, byOperator, Client{})
}

// folded is the application as it is kept.
func (a Application) folded() Application {
	a.Username, a.Email = fold(a.Username), fold(a.Email)
	return a
}

func (a *Accounts) create(ctx context.Context, application Application, role, by string, from Client) (User, error) {
	hash, err := a.gate.Hash(ctx, application.Password)
	if err != nil {
		return User{}, busyOr(err)
	}
	invitation, _ := application.Invitation.hash()
	user := User{ID: uuid.Must(uuid.NewV7()), Username: application.Username, TimeZone: "UTC", PasswordNumber: 1}
	joined := Event{Kind: Joined, User: user, From: from}
	if by == byOperator {
		joined.Actor = CommandLine
	}
	err = a.recorded(ctx, joined, func(q *db.Queries) error {
		user.Role, err = q.CreateUser(ctx, db.CreateUserParams{
			ID: user.ID, Username: user.Username, Email: orNull(application.Email), PasswordHash: hash, Role: role,
			MadeBy: by, UnlessSet: string(a.rules.Signup), Invitation: invitation,
		})
		if err != nil || by != byVisitor || application.Email == "" || !a.rules.Mail {
			return err
		}
		return q.AskToConfirm(ctx, user.ID, application.Email)
	})
	return user, refusedOr(err)
}

func (a *Accounts) check(ctx context.Context, application Application, taken string) error {
	var problems fault.Invalid
	add := func(field, message string) {
		if message != "" {
			problems = append(problems, fault.Problem{Field: field, Message: message})
		}
	}
	username, err := a.usernameProblem(ctx, application.Username, uuid.Nil, taken)
	if err != nil {
		return err
	}
	add("username", username)
	add("email", emailProblem(application.Email))
	about := a.passwordContext(application.Username, application.Email)
	if err := password.Check(application.Password, about, a.rules.PasswordMin); err != nil {
		add("password", err.Error())
	}
	return problems.OrNil()
}

// refusedOr turns what the database refuses, as a name was taken or the mode of signing up
// changed since that was checked, into what it means.
func refusedOr(err error) error {
	switch {
	case db.Breaks(err, db.SignupOpen), db.Breaks(err, db.Invited):
		return fault.ErrForbidden
	case db.Breaks(err, db.UsernameKey):
		return fault.Invalid{{Field: "username", Message: usernameTaken}}
	case db.Breaks(err, db.EmailKey):
		return fault.Invalid{{Field: "email", Message: emailTaken}}
	}
	return err
}

func busyOr(err error) error {
	if errors.Is(err, password.ErrBusy) {
		return fault.ErrBusy
	}
	return err
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
