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

// SignUp makes an account for somebody at the browser, if the mode of signing up
// lets them. It returns fault.ErrForbidden when it does not, fault.Invalid, or
// fault.ErrBusy when too many passwords are being hashed.
func (a *Accounts) SignUp(ctx context.Context, application Application) (User, error) {
	if a.rules.Signup != SignupOpen {
		return User{}, fault.ErrForbidden
	}
	return a.Add(ctx, application, RoleAuthor)
}

// Add makes an account whatever the mode of signing up: for the one who runs the
// blog. It returns fault.Invalid or fault.ErrBusy.
func (a *Accounts) Add(ctx context.Context, application Application, role string) (User, error) {
	application.Username, application.Email = fold(application.Username), fold(application.Email)
	if err := a.check(ctx, application); err != nil {
		return User{}, err
	}
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
	if err := password.Check(application.Password, application.Username, a.rules.PasswordMin); err != nil {
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
