// Package fault names the kinds of failure that people meet: each kind has one
// HTTP status and one kind of answer. A failure of no kind is our own mistake.
package fault

import (
	"errors"
	"time"
)

var (
	// ErrNotFound means that there is no such thing, or that it is not the viewer's to see.
	ErrNotFound = errors.New("not found")
	// ErrGone means that there was such a thing, for everybody to see, and that it was taken away.
	ErrGone = errors.New("gone")
	// ErrForbidden means that the viewer may see the thing but not do this to it.
	ErrForbidden = errors.New("forbidden")
	// ErrUnauthenticated means that this needs an account and nobody is logged in.
	ErrUnauthenticated = errors.New("not logged in")
	// ErrMalformed means that a request cannot be read at all, by no fault of a form's user.
	ErrMalformed = errors.New("malformed request")
	// ErrUnsupported means a request in a format that is not taken here.
	ErrUnsupported = errors.New("unsupported format")
	// ErrBusy means that the program has as much to do as it can: try again shortly.
	ErrBusy = errors.New("busy")
)

// Throttled means that this was tried too often and was not looked at.
type Throttled struct {
	Words string        // what there was too much of, as a sentence for people
	Wait  time.Duration // until it may be tried again, in whole seconds, at least one
}

// Error says how long to wait.
func (t Throttled) Error() string { return "throttled for " + t.Wait.String() }

// Problem is what is wrong with one field of a form, in words for the person who filled it in.
type Problem struct {
	Field   string // the field's name; empty for the form as a whole
	Message string
}

// Invalid is a form that cannot be accepted as it is: each problem in the order of the form's fields.
type Invalid []Problem

// Error lists the fields, never what was typed into them.
func (i Invalid) Error() string {
	text := "invalid"
	for _, problem := range i {
		text += " " + problem.Field
	}
	return text
}

// Of returns the message for a field, or "" when it is fine.
func (i Invalid) Of(field string) string {
	for _, problem := range i {
		if problem.Field == field {
			return problem.Message
		}
	}
	return ""
}

// First tells whether field is the first with a problem: where the cursor belongs.
func (i Invalid) First(field string) bool { return len(i) > 0 && i[0].Field == field }

// OrNil returns the problems as an error, or nil when there are none.
func (i Invalid) OrNil() error {
	if len(i) == 0 {
		return nil
	}
	return i
}
