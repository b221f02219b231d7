package account

import (
	"context"

	"miniblog/db"
	"miniblog/internal/fault"
)

// CurrentPassword is the field of a form that asks who is logged in for their password.
const CurrentPassword = "current"

// Prove checks that it is still the user who asks, by the password they have. What fails
// counts in the throttle like a log-in. It returns fault.Invalid for the field
// CurrentPassword, fault.Throttled or fault.ErrBusy. Whoever has proven it gets a new
// session (RenewSession), which is fresh.
func (a *Accounts) Prove(ctx context.Context, user User, pw string, from Client) error {
	if pw == "" {
		return fault.Invalid{{Field: CurrentPassword, Message: "Enter the password you have now."}}
	}
	err := a.verify(ctx, user.Username, pw, from, func(_ db.UserForLoginRow, turns []bucket) error { return a.giveBack(ctx, turns) })
	if _, wrong := err.(fault.Invalid); wrong {
		return fault.Invalid{{Field: CurrentPassword, Message: "That is not the password you have now."}}
	}
	return err
}
