package localpg

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestPostgresNeverRunsAsRoot(t *testing.T) {
	t.Parallel()
	s := startIn(t, seeded(t))
	out, err := exec.Command("ps", "-o", "user=", "-p", strconv.Itoa(postmasterPID(t, s.cluster.dir))).Output()
	noError(t, err)
	if got := strings.TrimSpace(string(out)); got != s.cluster.account.name || got == "root" {
		t.Errorf("postgres runs as %s", got)
	}
}

func TestDirectoriesKeepTheirRights(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(t.TempDir(), "closed")
	data := filepath.Join(closed, "data")
	noError(t, os.Mkdir(closed, 0o700))
	noError(t, os.Mkdir(data, 0o700))
	startIn(t, data)
	for dir, want := range map[string]os.FileMode{closed: 0o700, data: 0o700, filepath.Join(data, "postgres"): 0o700} {
		info, err := os.Stat(dir)
		noError(t, err)
		if info.Mode().Perm() != want {
			t.Errorf("%s has rights %o, want %o", dir, info.Mode().Perm(), want)
		}
	}
}

func TestADirectoryInReachIsUsedByItsPath(t *testing.T) {
	t.Parallel()
	s := startIn(t, filepath.Join(openDir(t), "data"))
	if got := ask(t, s.DSN("miniblog"), "SHOW data_directory"); got != s.cluster.dir {
		t.Errorf("postgres works in %s", got)
	}
}

func TestFilesThatRootRestoredAreHandedOver(t *testing.T) {
	t.Parallel()
	asRoot(t)
	dir := seeded(t)
	first := startIn(t, dir)
	writeRow(t, first.DSN("miniblog"), "kept")
	stop(t, first)
	noError(t, account{dropped: true}.own(first.cluster.dir))
	wantRows(t, startIn(t, dir).DSN("miniblog"), "kept")
}

func TestRootRunsAUsersDatabaseAsThatUser(t *testing.T) {
	t.Parallel()
	asRoot(t)
	dir := seeded(t)
	first := startIn(t, dir)
	stop(t, first)
	nobody, err := user.Lookup("nobody")
	noError(t, err)
	owner, err := accountOf(nobody, true)
	noError(t, err)
	noError(t, owner.own(first.cluster.dir))
	if s := startIn(t, dir); s.cluster.account.name != "nobody" {
		t.Errorf("it runs as %s", s.cluster.account.name)
	}
}

// asRoot skips what only root can try: becoming somebody else.
func asRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can become another user")
	}
}
