package localpg

import (
	"errors"
	"strings"
	"testing"
)

func TestTheDataDirectoryFollowsXDGAndSuitsRoot(t *testing.T) {
	t.Parallel()
	home := func() (string, error) { return "/home/ada", nil }
	for _, each := range []struct {
		uid       int
		xdg, want string
	}{
		{1000, "", "/home/ada/.local/share/miniblog"},
		{1000, "/data", "/data/miniblog"},
		{1000, "relative", "/home/ada/.local/share/miniblog"},
		{0, "", "/var/lib/miniblog"},
		{0, "/data", "/data/miniblog"},
	} {
		got, err := defaultDataDir(each.uid, each.xdg, home)
		if err != nil || got != each.want {
			t.Errorf("user %d with XDG_DATA_HOME %q: %s, %v, want %s", each.uid, each.xdg, got, err, each.want)
		}
	}
}

func TestWithoutAHomeTheErrorNamesTheSetting(t *testing.T) {
	t.Parallel()
	_, err := defaultDataDir(1000, "", func() (string, error) { return "", errors.New("no home") })
	if err == nil || !strings.Contains(err.Error(), "--data-dir") {
		t.Errorf("it says %v", err)
	}
}
