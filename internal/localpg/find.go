package localpg

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// OldestMajor is the oldest PostgreSQL that miniblog runs on.
const OldestMajor = 15

// ErrNoPrograms says that no usable PostgreSQL is installed, and the three ways on.
var ErrNoPrograms = fmt.Errorf("no PostgreSQL %d or newer was found on this machine; three ways on: "+
	"install it (Debian, Ubuntu: apt install postgresql; Fedora, RHEL: dnf install postgresql-server; "+
	"macOS: brew install postgresql), or set DATABASE_URL to a PostgreSQL that runs elsewhere, "+
	"or start the blog with its own PostgreSQL in containers: docker compose up", OldestMajor)

// Programs are the two PostgreSQL programs that the private database needs, from one installation.
type Programs struct {
	InitDB   string // path of initdb
	Postgres string // path of postgres
	Major    int    // 15 for 15.18
	Minor    int    // 18 for 15.18
}

// Find returns the newest PostgreSQL on this machine, or ErrNoPrograms. It looks on PATH, where pg_config points,
// and where Linux distributions and Homebrew put the server's programs, which is rarely on PATH.
func Find(ctx context.Context) (Programs, error) {
	runner, err := runAs("")
	if err != nil {
		return Programs{}, err
	}
	found, err := installed(ctx, usualPlaces(ctx), runner)
	if err != nil {
		return Programs{}, err
	}
	return choose(found, 0, "")
}

// choose returns the newest of the installations for a new cluster (major 0), and otherwise the one that an existing
// cluster of that major version needs: PostgreSQL never opens the files of another major version.
func choose(found []Programs, major int, clusterDir string) (Programs, error) {
	if len(found) == 0 {
		return Programs{}, ErrNoPrograms
	}
	at := slices.IndexFunc(found, func(p Programs) bool { return major == 0 || p.Major == major })
	if at < 0 {
		return Programs{}, fmt.Errorf("the database in %s was made by PostgreSQL %d, but this machine has only %s; "+
			"install version %d beside it (Debian, Ubuntu: apt install postgresql-%d; macOS: brew install postgresql@%d) and start again",
			clusterDir, major, versions(found), major, major, major)
	}
	return found[at], nil
}

func versions(found []Programs) string {
	var names []string
	for _, p := range found {
		names = append(names, strconv.Itoa(p.Major))
	}
	return strings.Join(slices.Compact(names), ", ")
}

// usualPlaces lists the directories that may hold the server's programs.
func usualPlaces(ctx context.Context) []string {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",         // Debian, Ubuntu
		"/usr/pgsql-*/bin",                  // PostgreSQL's own packages for Fedora, RHEL
		"/usr/libexec/postgresql*",          // Alpine
		"/usr/local/pgsql/bin",              // built from source
		"/opt/homebrew/opt/postgresql*/bin", // macOS on Apple silicon
		"/usr/local/opt/postgresql*/bin",    // macOS on Intel
		"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		matches, _ := filepath.Glob(pattern) // its only error is a malformed pattern
		dirs = append(dirs, matches...)
	}
	return dirs
}

// installed returns the usable installations among dirs, newest first. What the account cannot execute is not usable:
// root may see programs in its home directory that the user it drops to may not. It fails only when ctx ends: what has
// not told its version by then may be usable.
func installed(ctx context.Context, dirs []string, runner account) ([]Programs, error) {
	var found []Programs
	seen := map[string]bool{}
	for _, dir := range dirs {
		real := installation(dir)
		if real == "" || seen[real] {
			continue
		}
		seen[real] = true
		if programs, err := inspect(ctx, real, runner); err == nil && programs.Major >= OldestMajor {
			found = append(found, programs)
		}
	}
	slices.SortStableFunc(found, func(a, b Programs) int {
		return cmp.Or(cmp.Compare(b.Major, a.Major), cmp.Compare(b.Minor, a.Minor))
	})
	return found, ctx.Err()
}

// installation follows dir/postgres to the directory it really lives in, since links such as /usr/local/bin/postgres
// stand without their siblings. It returns "" when there is none.
func installation(dir string) string {
	if !filepath.IsAbs(dir) {
		return ""
	}
	real, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
	if err != nil {
		return ""
	}
	return filepath.Dir(real)
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)(?:\.(\d+))?`)

// inspect asks the postgres in dir for its version, and makes sure that initdb is beside it.
func inspect(ctx context.Context, dir string, runner account) (Programs, error) {
	programs := Programs{InitDB: filepath.Join(dir, "initdb"), Postgres: filepath.Join(dir, "postgres")}
	if _, err := exec.LookPath(programs.InitDB); err != nil {
		return Programs{}, err
	}
	out, err := runner.command(ctx, programs.Postgres, "--version").Output()
	if err != nil {
		return Programs{}, err
	}
	match := versionLine.FindSubmatch(out)
	if match == nil {
		return Programs{}, errors.New("no version in " + string(out))
	}
	programs.Major, _ = strconv.Atoi(string(match[1]))
	programs.Minor, _ = strconv.Atoi(string(match[2])) // absent in "18beta1": 0
	return programs, nil
}
