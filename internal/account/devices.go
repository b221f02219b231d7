package account

import (
	"context"
	"time"

	"miniblog/db"
)

// DeviceMax is how long a browser keeps a cookie at most (RFC 6265bis, 5.5); a device
// that has not logged in for as long is a stranger again.
const DeviceMax = 400 * 24 * time.Hour

// remember notes that the user has logged in on a device, and returns the token by which
// to know it. The one it had before ends, for whichever accounts that was. The device is
// forgotten when the password changes, or the account is disabled.
func remember(ctx context.Context, q *db.Queries, user User, before Token) (Token, error) {
	token, hash := newToken()
	old, _ := before.hash()
	return token, q.RememberDevice(ctx, db.RememberDeviceParams{
		TokenHash: hash, UserID: user.ID, PasswordNumber: user.PasswordNumber, Before: old,
	})
}
