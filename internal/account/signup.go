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
}

const tooManySignups = "Too many accounts have been made here."

// SignUp makes an account for somebody at the browser, if the mode of signing up
// lets them. It returns fault.ErrForbidden when it does not, fault.Invalid,
// fault.Throttled when too many have signed up, or fault.ErrBusy when too many passwords
// are being hashed.
func (a *Accounts) SignUp(ctx context.Context, application Application, from Client) (User, error) {
	if a.rules.Signup != SignupOpen {
		return User{}, fault.ErrForbidden
	}
	application = application.folded()
	if err := a.check(ctx, application); err != nil {
		return User{}, err
	}
	buckets := a.signupBuckets(from)
	if err := a.takeTurns(ctx, buckets, tooManySignups); err != nil {
		return User{}, err
	}
	user, err := a.create(ctx, application, RoleAuthor)
	if err != nil {
		return User{}, errors.Join(err, a.giveBack(ctx, buckets))
	}
	return user, nil
}

// Add makes an account whatever the mode of signing up: for the one who runs the
// blog, whom nothing throttles. It returns fault.Invalid or fault.ErrBusy.
func (a *Accounts) Add(ctx context.Context, application Application, role string) (User, error) {
	application = application.folded()
	if err := a.check(ctx, application); err != nil {
		return User{}, err
	}
	return a.create(ctx, application, role)
}

// folded is the application as it is kept.
func (a Application) folded() Application {
	a.Username, a.Email = fold(a.Username), fold(a.Email)
	return a
}

func (a *Accounts) create(ctx context.Context, application Application, role string) (User, error) {
	hash, err := a.gate.Hash(ctx, application.Password)
	if err != nil {
		return User{}, busyOr(err)
	}
	user := User{ID: uuid.Must(uuid.NewV7()), Username: application.Username, Role: role}
	err = a.store.CreateUser(ctx, db.CreateUserParams{
		ID: user.ID, Username: user.Username, Email: orNull(application.Email), PasswordHash: hash, Role: role,
	})
	return user, takenOr(err)
}

func (a *Accounts) check(ctx context.Context, application Application) error {
	var problems fault.Invalid
	add := func(field, message string) {
		if message != "" {
			problems = append(problems, fault.Problem{Field: field, Message: message})
		}
	}
	username, err := a.UsernameProblem(ctx, application.Username)
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

// takenOr turns the refusal of a name that was taken since it was checked into words.
func takenOr(err error) error {
	switch {
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
