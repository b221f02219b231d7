package account

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/fault"
)

// peoplePage is how many people are on one page.
const peoplePage = 50

// Person is an account as an owner sees it.
type Person struct {
	User
	Email     string
	Confirmed bool // the email is
	Posts     int64
	JoinedAt  time.Time
	SeenAt    time.Time // zero when they never logged in

	DisabledAt time.Time // zero unless they cannot log in
	DeletedAt  time.Time // zero unless the account goes after DeletionDays
	DeletedBy  uuid.UUID // who did that
}

// Active tells whether the account is neither disabled nor deleted.
func (p Person) Active() bool { return p.DisabledAt.IsZero() && p.DeletedAt.IsZero() }

// Removed tells whether somebody else has deleted the account.
func (p Person) Removed() bool { return !p.DeletedAt.IsZero() && p.DeletedBy != p.ID }

// KeptUntil is when a deleted account goes for good.
func (p Person) KeptUntil() time.Time { return p.DeletedAt.AddDate(0, 0, DeletionDays) }

// State says in words where the account stands, on a day as 2 January 2006 by default.
func (p Person) State(day string) string {
	switch {
	case p.Removed():
		return "removed, kept until " + p.KeptUntil().UTC().Format(day)
	case !p.DeletedAt.IsZero():
		return "deleted, kept until " + p.KeptUntil().UTC().Format(day)
	case !p.DisabledAt.IsZero():
		return "disabled"
	}
	return "active"
}

// People lists those whose username, shown name or email has the search in it, by
// username, from after one on. Next is where the next page begins; "" when there is none.
func (a *Accounts) People(ctx context.Context, search, after string) (people []Person, next string, err error) {
	typed := fold(search)
	after, _ = possible(after, "")
	if search, _ = possible(typed, ""); search != typed {
		return nil, "", nil // nobody can be called that
	}
	rows, err := a.store.ListPeople(ctx, db.ListPeopleParams{After: after, Search: search, Most: peoplePage + 1})
	for _, row := range rows[:min(len(rows), peoplePage)] {
		people = append(people, personOf(row))
	}
	if len(rows) > peoplePage {
		next = people[peoplePage-1].Username
	}
	return people, next, err
}

// Person finds an account, whatever became of it. It returns fault.ErrNotFound.
func (a *Accounts) Person(ctx context.Context, id uuid.UUID) (Person, error) {
	return findPerson(ctx, a.store.Queries, id)
}

func findPerson(ctx context.Context, q *db.Queries, id uuid.UUID) (Person, error) {
	found, err := q.PersonByID(ctx, id)
	if db.IsNone(err) {
		return Person{}, fault.ErrNotFound
	}
	return personOf(db.ListPeopleRow(found)), err
}

// PersonNamed finds the account of that username or email, whatever became of it. It
// returns ErrNoAccount.
func (a *Accounts) PersonNamed(ctx context.Context, name string) (Person, error) {
	name, _ = possible(fold(name), "")
	found, err := a.store.UserNamed(ctx, name)
	if db.IsNone(err) {
		return Person{}, ErrNoAccount
	}
	if err != nil {
		return Person{}, err
	}
	person, err := a.Person(ctx, found.ID)
	if errors.Is(err, fault.ErrNotFound) {
		err = ErrNoAccount
	}
	return person, err
}

func personOf(row db.ListPeopleRow) Person {
	return Person{
		User:  User{ID: row.ID, Username: row.Username, Name: row.DisplayName, Role: row.Role},
		Email: orEmpty(row.Email), Confirmed: row.Confirmed, Posts: row.Posts,
		JoinedAt: row.CreatedAt, SeenAt: orZero(row.SeenAt),
		DisabledAt: orZero(row.DisabledAt), DeletedAt: orZero(row.DeletedAt), DeletedBy: row.DeletedBy.UUID,
	}
}

func orZero(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}
