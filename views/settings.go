package views

import (
	"slices"
	"strconv"
	"time"

	"miniblog/internal/account"
	"miniblog/internal/fault"
)

// Settings is one's own account, with all that can be done with it.
type Settings struct {
	Profile  Profile
	Username Username
	Email    Email
	Password Password
	Sessions Sessions
	Record   Record
	Deletion Deletion
	Done     string // the part in which something was just done, without scripts
}

// doneKinds are what the record says once something was done in a part of the page.
var doneKinds = map[string][]account.Kind{
	ProfilePart:  {account.ProfileChanged},
	UsernamePart: {account.UsernameChanged},
	EmailPart:    {account.EmailAsked, account.EmailChanged},
	PasswordPart: {account.PasswordChanged},
}

// justNow is how long the page says that something was done.
const justNow = 2 * time.Minute

// Did tells whether that was done in that part of the page just now: an address that says
// so can be opened by anybody, at any time.
func (s Settings) Did(part string) bool {
	return slices.ContainsFunc(s.Record.Events, func(event account.Recorded) bool {
		return slices.Contains(doneKinds[part], event.Kind) && time.Since(event.At) < justNow
	})
}

// done is what was just done in that part of the page, in words.
func (s Settings) done(part string) string {
	if s.Done != part {
		return ""
	}
	return DoneWords(part)
}

// emailDone is what changing the address has come to.
func (s Settings) emailDone() string {
	if s.Done != EmailPart {
		return ""
	}
	return s.Email.Announced()
}

// DoneWords say what was done in that part of the page of settings.
func DoneWords(part string) string {
	return map[string]string{
		ProfilePart:  "Your profile is saved.",
		UsernamePart: "Your username is changed.",
		EmailPart:    "Your email is changed.",
		PasswordPart: "Your password is changed. Every other session has ended.",
	}[part]
}

// What is announced once sessions have ended.
const (
	SessionEndedWords = "That session has ended."
	OthersEndedWords  = "Every other session has ended."
)

// Refusal is why a form was refused.
type Refusal struct {
	Problems  fault.Invalid
	Throttled Failure // the zero Failure, unless the form must wait
}

// whole is what is wrong with the form as a whole.
func (r Refusal) whole() string { return r.Problems.Of("") }

// refused tells whether the form was.
func (r Refusal) refused() bool { return len(r.Problems) > 0 || r.Throttled.Status != 0 }

// current is the field for the password one has now, in a form that asks for it again.
func (r Refusal) current(hint string) Field {
	return Field{
		Name: account.CurrentPassword, Label: "Current password", Type: "password", Autocomplete: "current-password", Required: true,
		Hint: hint,
	}.with("", r.Problems)
}

// Profile is the form for what readers see of an author.
type Profile struct {
	Refusal
	Username string
	Name     string
	About    string
	TimeZone string
	Announce string
}

func (p Profile) timeZone() Field {
	return Field{
		Name: "time_zone", Label: "Time zone", Autocomplete: "off", List: zonesID,
		Hint: "In which you see times while you write, such as Europe/Berlin. Readers see dates in UTC.",
	}.with(p.TimeZone, p.Problems)
}

func (p Profile) name() Field {
	return Field{
		Name: "name", Label: "Display name", Autocomplete: "name",
		Hint: "Shown above what you write instead of your username, which stays in your address.",
	}.with(p.Name, p.Problems)
}

func (p Profile) about() Field {
	return Field{
		Name: "about", Label: "About",
		Hint: "A few words on your page, up to " + strconv.Itoa(account.MaxAboutRunes) + " characters.",
	}.with(p.About, p.Problems)
}

// Username is the form for another username.
type Username struct {
	Refusal
	Now      string
	Typed    string // in the field
	Fresh    bool   // the password need not be asked for
	Announce string
}

func (u Username) username() Field {
	return Field{
		Name: "username", Label: "Username", Autocomplete: "username", Required: true,
		Hint: "You log in with it. Links to " + AuthorURL(u.Now) + " go on working, and nobody else gets that name.",
	}.with(u.Typed, u.Problems)
}

// Password is the form for a new password.
type Password struct {
	Refusal
	Username    string // tells a password manager whose it is
	PasswordMin string
	Announce    string
}

func (p Password) password() Field {
	field := newPasswordField(p.PasswordMin, p.Problems)
	field.Label, field.Focus = "New password", p.Problems.First("password")
	return field
}
