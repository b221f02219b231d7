package mail

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"miniblog/db"
	"miniblog/internal/account"
)

const (
	// lookEvery is how often the outbox is looked into. No request rings: what it takes to
	// find out whose a name is must not fall beside the requests for some names and not others.
	lookEvery = 2 * time.Second
	// noteWait bounds noting what became of a mail.
	noteWait = 5 * time.Second
	// grace is how long a mail under way may take when the blog is asked to stop. One that
	// is cut off stays in the outbox, and the next start tries it.
	grace = 5 * time.Second
)

// Kinds of mail in the outbox.
const (
	kindConfirm = "confirm"
	kindDeleted = "deleted"
	kindLeaving = "leaving"
	kindLink    = "link"
	kindMoved   = "moved"
	kindNotice  = "notice"
	kindRenamed = "renamed"
	kindTest    = "test"
)

// An account's links are few an hour whatever its names, and so are those to one address,
// whoever asks: more than to an account, as strangers may name an address that is not theirs.
const (
	mostAnHour          = 3
	mostAnHourAtAddress = 10
	withheld            = "not sent: there were enough in the last hour already"
	withheldForNow      = "not sent yet: there were enough in the last hour already"
)

// Postman empties the outbox. Several may, in one blog or in many.
type Postman struct {
	Store    *db.Store
	Accounts *account.Accounts
	Server   Server
	Blog     string                           // the blog's name
	LinkTo   func(token account.Token) string // a link to set a password
	Confirm  func(token account.Token) string // a link to confirm an address
	Forgot   string                           // the address at which one asks for a link
	Login    string                           // the address at which one logs in
	Log      *slog.Logger
}

// Run sends what is due until ctx ends, and then lets the mail under way finish for a while.
func (p *Postman) Run(ctx context.Context) {
	timer := time.NewTicker(lookEvery)
	defer timer.Stop()
	for {
		if err := p.Deliver(ctx); err != nil && ctx.Err() == nil {
			p.Log.Warn("the outbox cannot be read, it will be tried again", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
	}
}

// Deliver sends every mail that is due, one after the other. A server that does not take one
// is no error: that is noted with the mail.
func (p *Postman) Deliver(ctx context.Context) error {
	for ctx.Err() == nil {
		mail, err := p.Store.ClaimMail(ctx)
		if db.IsNone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := p.deliver(ctx, mail); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (p *Postman) deliver(ctx context.Context, mail db.ClaimMailRow) error {
	to, err := p.Store.AddressMail(ctx, mail.ID)
	if db.IsNone(err) { // nobody's name, or somebody's without an address
		return p.Store.DropMail(ctx, mail.ID)
	}
	if err != nil {
		return err
	}
	if superseded, err := p.isSuperseded(ctx, mail, to); err != nil {
		return err
	} else if superseded {
		return p.Store.DropMail(ctx, mail.ID)
	}
	if many, err := p.areMany(ctx, mail, to); err != nil {
		return err
	} else if many {
		return p.withhold(ctx, mail)
	}
	letter, err := p.write(ctx, mail, to)
	if errors.Is(err, account.ErrNoConfirmation) || errors.Is(err, account.ErrNoAccount) { // not any more
		return p.Store.DropMail(ctx, mail.ID)
	}
	if err != nil {
		return err
	}
	answer, err := p.send(ctx, to.Email, letter)
	// What became of it is noted while the blog is stopping, too.
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteWait)
	defer cancel()
	if err != nil {
		return p.noteUnsent(noting, mail, err)
	}
	p.Log.Info("mail sent", "mail", mail.ID, "kind", mail.Kind, "answer", answer)
	return p.Store.NoteSent(noting, answer, mail.ID)
}

// isSuperseded tells whether the same was asked for again: of many requests one mail comes.
func (p *Postman) isSuperseded(ctx context.Context, mail db.ClaimMailRow, to db.AddressMailRow) (bool, error) {
	if mail.Kind != kindLink {
		return false, nil
	}
	return p.Store.HasNewerLink(ctx, db.HasNewerLinkParams{ID: mail.ID, UserID: to.ID, Username: to.Username, Email: to.Email})
}

// areMany tells whether enough were sent in the last hour.
func (p *Postman) areMany(ctx context.Context, mail db.ClaimMailRow, to db.AddressMailRow) (bool, error) {
	if mail.Kind != kindLink && mail.Kind != kindConfirm {
		return false, nil
	}
	sent, err := p.Store.SentLately(ctx, db.SentLatelyParams{Kind: mail.Kind, UserID: to.ID, Recipient: to.Email})
	return sent.ToAccount >= mostAnHour || sent.ToAddress >= mostAnHourAtAddress, err
}

// withhold gives up a link to set a password, which is for now; one to confirm an address
// is worth having later, too.
func (p *Postman) withhold(ctx context.Context, mail db.ClaimMailRow) error {
	later := mail.Kind == kindConfirm
	answer := withheld
	if later {
		answer = withheldForNow
	}
	return p.Store.NoteWithheld(ctx, db.NoteWithheldParams{ID: mail.ID, Answer: answer, Later: later})
}

// write makes the letter. The token of a link is made here and kept nowhere: it is known
// to the one who gets the mail, and to the table by its SHA-256.
func (p *Postman) write(ctx context.Context, mail db.ClaimMailRow, to db.AddressMailRow) (Letter, error) {
	switch mail.Kind {
	case kindNotice:
		return changedLetter(p.Blog, to.Username, p.Forgot, mail.CreatedAt), nil
	case kindLeaving:
		return leavingLetter(p.Blog, to.Username, p.Login, mail.CreatedAt), nil
	case kindMoved:
		return movedLetter(p.Blog, to.Username, p.Login, mail.CreatedAt), nil
	case kindConfirm:
		return p.writeConfirmation(ctx, to)
	case kindDeleted:
		return farewellLetter(p.Blog, to.Username, p.Forgot, mail.CreatedAt.AddDate(0, 0, account.DeletionDays)), nil
	case kindRenamed:
		return renamedLetter(p.Blog, to.Username, p.Forgot, mail.CreatedAt), nil
	case kindTest:
		return testLetter(p.Blog, to.Username, mail.CreatedAt), nil
	}
	return p.writeLink(ctx, mail, to)
}

func (p *Postman) writeConfirmation(ctx context.Context, to db.AddressMailRow) (Letter, error) {
	token, err := p.Accounts.NewConfirmation(ctx, to.ID, to.Email)
	if errors.Is(err, account.ErrTaken) {
		return takenLetter(p.Blog, to.Username, p.Forgot), nil
	}
	return confirmLetter(p.Blog, to.Username, p.Confirm(token)), err
}

func (p *Postman) writeLink(ctx context.Context, mail db.ClaimMailRow, to db.AddressMailRow) (Letter, error) {
	if err := p.Store.DropOlderLinks(ctx, to.ID, mail.ID); err != nil {
		return Letter{}, err
	}
	token, err := p.Accounts.MailedLink(ctx, to.ID, mail.Attempts > 1)
	return linkLetter(p.Blog, to.Username, p.LinkTo(token)), err
}

// send gives up on a mail under way some time after ctx has ended.
func (p *Postman) send(ctx context.Context, to string, letter Letter) (string, error) {
	type outcome struct {
		answer string
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		answer, err := p.Server.Send(context.WithoutCancel(ctx), to, letter)
		done <- outcome{answer, err}
	}()
	select {
	case sent := <-done:
		return sent.answer, sent.err
	case <-ctx.Done():
	}
	select {
	case sent := <-done:
		return sent.answer, sent.err
	case <-time.After(grace):
		return "", &Refusal{Answer: "the blog was stopped before the mail server had answered"}
	}
}

func (p *Postman) noteUnsent(ctx context.Context, mail db.ClaimMailRow, cause error) error {
	var refused *Refusal
	noted, err := p.Store.NoteUnsent(ctx, db.NoteUnsentParams{
		ID: mail.ID, Answer: cause.Error(), Hopeless: errors.As(cause, &refused) && refused.Hopeless,
	})
	switch {
	case db.IsNone(err): // a newer one has taken its place
		return nil
	case err != nil:
		return err
	case noted.State == "failed":
		p.Log.Error("mail given up", "mail", mail.ID, "kind", mail.Kind, "tries", mail.Attempts, "answer", cause)
	default:
		p.Log.Warn("mail not sent, it will be tried again", "mail", mail.ID, "kind", mail.Kind, "tries", mail.Attempts, "next", noted.DueAt, "answer", cause)
	}
	return nil
}

// Purge removes mails that are 30 days old from the outbox, whatever became of them.
func Purge(ctx context.Context, store *db.Store) (mails int64, err error) {
	return store.PurgeOutbox(ctx)
}
