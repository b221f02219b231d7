package blog_test

import (
	"errors"
	"testing"
	"time"

	"miniblog/internal/account"
	"miniblog/internal/blog"
	"miniblog/internal/fault"
)

func zone(name string) *time.Location { return account.User{TimeZone: name}.Location() }

func TestAMomentIsReadOnTheClocksOfItsZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ date, clock, zone, want string }{
		{"2027-01-15", "09:30", "UTC", "2027-01-15T09:30:00Z"},
		{"2027-01-15", "09:30", "Europe/Berlin", "2027-01-15T08:30:00Z"},
		{"2027-07-15", "09:30", "Europe/Berlin", "2027-07-15T07:30:00Z"},
		{"2027-07-15", "00:15", "Asia/Kathmandu", "2027-07-14T18:30:00Z"},
		{" 2027-12-31", "23:59 ", "America/New_York", "2028-01-01T04:59:00Z"},
		{"2027-10-31", "02:30", "Europe/Berlin", "2027-10-31T00:30:00Z"}, // comes twice: the first
		{"2027-11-07", "01:30", "America/New_York", "2027-11-07T05:30:00Z"},
		{"2028-02-29", "12:00", "UTC", "2028-02-29T12:00:00Z"},
	} {
		at, err := blog.ParseMoment(c.date, c.clock, zone(c.zone))
		if err != nil || at.UTC().Format(time.RFC3339) != c.want {
			t.Errorf("%s %s in %s is %s, %v, want %s", c.date, c.clock, c.zone, at.UTC(), err, c.want)
		}
	}
	if at, err := blog.ParseMoment("", " ", time.UTC); err != nil || !at.IsZero() {
		t.Errorf("nothing is %s, %v", at, err)
	}
}

func TestWhatIsNoMomentIsToldAtItsField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		date, clock, zone string
		fields            []string
	}{
		{"2027-01-15", "", "UTC", []string{"publish_time"}},
		{"", "09:30", "UTC", []string{"publish_date"}},
		{"15.1.2027", "9 o’clock", "UTC", []string{"publish_date", "publish_time"}},
		{"2027-02-29", "09:30", "UTC", []string{"publish_date"}},
		{"2027-01-15", "24:00", "UTC", []string{"publish_time"}},
		{"2027-01-15", "9:30", "UTC", []string{"publish_time"}},
		{"2027-03-28", "02:30", "Europe/Berlin", []string{"publish_time"}}, // clocks leave it out
		{"2027-03-14", "02:00", "America/New_York", []string{"publish_time"}},
	} {
		_, err := blog.ParseMoment(c.date, c.clock, zone(c.zone))
		var found fault.Invalid
		if !errors.As(err, &found) || len(found) != len(c.fields) {
			t.Errorf("%s %s in %s: %v, want problems of %v", c.date, c.clock, c.zone, err, c.fields)
		}
		for _, field := range c.fields {
			if found.Of(field) == "" {
				t.Errorf("%s %s in %s: nothing at %s in %v", c.date, c.clock, c.zone, field, found)
			}
		}
	}
}
