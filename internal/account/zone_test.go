package account_test

import (
	"strings"
	"testing"
	"time"

	"miniblog/internal/account"
	"miniblog/internal/dbtest"
)

func TestATimeZoneIsFoundAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	for typed, want := range map[string]string{
		"Europe/Berlin": "Europe/Berlin", " europe/berlin ": "Europe/Berlin", "america/new york": "America/New_York",
		"": "UTC", "utc": "UTC", "Etc/GMT+3": "Etc/GMT+3", "Asia/Calcutta": "Asia/Calcutta",
	} {
		noError(t, r.SetProfile(t.Context(), ada, "", "", typed, account.Client{}))
		if got := dbtest.One[string](t, r.store, "SELECT time_zone FROM users"); got != want {
			t.Errorf("%q is kept as %q, want %q", typed, got, want)
		}
	}
	for _, typed := range []string{"Local", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe/Berlin\x00", "zone.tab", "\xff", strings.Repeat("a/", 40)} {
		if got := problems(t, r.SetProfile(t.Context(), ada, "", "", typed, account.Client{})).Of("time_zone"); got == "" {
			t.Errorf("%q is taken", typed)
		}
	}
}

func TestEveryZoneToChooseFromIsKnown(t *testing.T) {
	t.Parallel()
	zones := account.Zones()
	if len(zones) < 400 || zones[0] != "UTC" {
		t.Fatalf("%d zones from %s on", len(zones), zones[0])
	}
	for _, name := range zones {
		if got := (account.User{TimeZone: name}).Location(); got.String() != name {
			t.Errorf("%s is %s", name, got)
		}
	}
	for _, unknown := range []string{"", "Mars/Olympus"} {
		if got := (account.User{TimeZone: unknown}).Location(); got != time.UTC {
			t.Errorf("%q is %s", unknown, got)
		}
	}
}
