package account

import (
	"context"
	"time"

	"miniblog/db"
)

// Entry is one line of the list of accounts.
type Entry struct {
	Username  string
	Email     string
	Role      string
	State     string // active, disabled, or until when it is kept
	CreatedAt time.Time
	Posts     int64
}

// listPage is how many accounts List reads at once.
const listPage = 500

// List calls each for every account, by username.
func (a *Accounts) List(ctx context.Context, each func(Entry) error) error {
	after := ""
	for {
		rows, err := a.store.ListUsers(ctx, after, listPage)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := each(entry(row)); err != nil {
				return err
			}
			after = row.Username
		}
		if len(rows) < listPage {
			return nil
		}
	}
}

func entry(row db.ListUsersRow) Entry {
	person := Person{
		User: User{ID: row.ID}, DisabledAt: orZero(row.DisabledAt), DeletedAt: orZero(row.DeletedAt), DeletedBy: row.DeletedBy.UUID,
	}
	return Entry{
		Username: row.Username, Email: orEmpty(row.Email), Role: row.Role, State: person.State(time.DateOnly), CreatedAt: row.CreatedAt, Posts: row.Posts,
	}
}
