package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"miniblog/internal/fault"
)

var problems = fault.Invalid{
	{Field: "username", Message: "That username is taken."},
	{Field: "password", Message: "Use at least 8 characters."},
	{Field: "password", Message: "A second thing."},
	{Message: "The form as a whole."},
}

func TestEachFieldHasItsFirstMessage(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"username": "That username is taken.",
		"password": "Use at least 8 characters.",
		"email":    "",
		"":         "The form as a whole.",
	} {
		if got := problems.Of(field); got != want {
			t.Errorf("Of(%q) = %q, want %q", field, got, want)
		}
	}
	if (fault.Invalid)(nil).Of("username") != "" {
		t.Error("no problems have a message")
	}
}

func TestTheCursorBelongsInTheFirstFieldWithAProblem(t *testing.T) {
	t.Parallel()
	if !problems.First("username") || problems.First("password") || problems.First("") || fault.Invalid(nil).First("") {
		t.Error("First names another field")
	}
}

func TestNoProblemsAreNoError(t *testing.T) {
	t.Parallel()
	var none fault.Invalid
	if err := none.OrNil(); err != nil {
		t.Errorf("OrNil = %#v, want a nil interface", err)
	}
	var found fault.Invalid
	if err := fmt.Errorf("sign up: %w", problems.OrNil()); !errors.As(err, &found) || len(found) != len(problems) {
		t.Errorf("%v is not Invalid", err)
	}
}

func TestTheLogLearnsTheFieldsAndNotTheWords(t *testing.T) {
	t.Parallel()
	if got := problems.Error(); !strings.Contains(got, "username") || strings.Contains(got, "taken") {
		t.Errorf("Error() = %q", got)
	}
}

func TestWhatIsThrottledSaysHowLong(t *testing.T) {
	t.Parallel()
	var found fault.Throttled
	err := fmt.Errorf("log in: %w", fault.Throttled{Words: "Too often.", Wait: time.Minute})
	if !errors.As(err, &found) || found.Wait != time.Minute || !strings.Contains(err.Error(), "1m0s") {
		t.Errorf("%v is %+v", err, found)
	}
}

func TestTheKindsAreDistinct(t *testing.T) {
	t.Parallel()
	kinds := []error{
		fault.ErrNotFound, fault.ErrForbidden, fault.ErrUnauthenticated, fault.ErrMalformed, fault.ErrUnsupported, fault.ErrBusy,
	}
	for i, kind := range kinds {
		for j, other := range kinds {
			if errors.Is(fmt.Errorf("at work: %w", kind), other) != (i == j) {
				t.Errorf("%v is taken for %v", kind, other)
			}
		}
	}
}
