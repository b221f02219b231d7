package account

import (
	"context"
	"math"
	"time"

	"miniblog/db"
	"miniblog/internal/fault"
)

// mailPage is how many mails are on one page.
const mailPage = 50

// States of a mail, as the outbox spells them.
const (
	MailWaiting = "waiting"
	MailSent    = "sent"
	MailFailed  = "failed"
)

// Mail is a mail of the outbox and what became of it.
type Mail struct {
	ID       int64
	Kind     string
	Username string // of whom it is for; "" while nobody knows
	To       string // the address it went to; "" before it was tried
	AskedAt  time.Time
	DueAt    time.Time // when it is tried next, while it waits
	Tries    int
	State    string
	Answer   string // the mail server's last, or why there was none
}

// Mails lists the outbox, newest first, from before an id on; 0 is the start. Next is
// where the next page begins; 0 when there is none.
func (a *Accounts) Mails(ctx context.Context, before int64) (mails []Mail, next int64, err error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	rows, err := a.store.ListMail(ctx, before, mailPage+1)
	for _, row := range rows[:min(len(rows), mailPage)] {
		mails = append(mails, mailOf(row))
	}
	if len(rows) > mailPage {
		next = mails[mailPage-1].ID
	}
	return mails, next, err
}

func mailOf(row db.ListMailRow) Mail {
	return Mail{
		ID: row.ID, Kind: row.Kind, Username: orEmpty(row.Username), To: orEmpty(row.Recipient),
		AskedAt: row.CreatedAt, DueAt: row.DueAt, Tries: int(row.Attempts), State: row.State, Answer: row.Answer,
	}
}

// TestMail has a mail sent to the owner, which only shows that mail arrives; while one
// waits there is no second. It returns fault.Invalid when that cannot be.
func (a *Accounts) TestMail(ctx context.Context, owner User) error {
	if !a.rules.Mail {
		return fault.Invalid{{Message: "This blog has no mail server, so nothing was sent."}}
	}
	person, err := a.Person(ctx, owner.ID)
	if err != nil {
		return err
	}
	if person.Email == "" {
		return fault.Invalid{{Field: "email", Message: "Your account has no email address to send a test to."}}
	}
	return a.store.QueueTest(ctx, owner.ID)
}
