package main_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"miniblog/internal/dbtest"
)

func TestTheBlogStartsWithNothingButAPlaceForItsData(t *testing.T) {
	t.Parallel()
	for name, ordinary := range map[string]bool{"as we are": false, "as an ordinary user": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := launch(t, settings{"MINIBLOG_DATA_DIR": freshDir(t)}, ordinary)
			p.listens()
			for path, status := range map[string]int{"/": 200, "/healthz": 200, "/readyz": 200, "/metrics": 404, "/debug/pprof/": 404} {
				p.answers(path, status)
			}
			p.send(syscall.SIGTERM)
			if code := p.exits(20 * time.Second); code != 0 {
				t.Errorf("exit code %d: %s", code, p.said())
			}
			p.leftNothing()
		})
	}
}

func TestHelpOfEveryCommandShowsAnExample(t *testing.T) {
	t.Parallel()
	for _, command := range []string{
		"", "serve", "migrate", "migrate up", "migrate status", "user", "user add", "user list", "user link", "user disable", "user enable", "invite", "demo", "import", "import flask", "doctor", "version",
	} {
		got := run(t, nil, "", append(strings.Fields(command), "--help")...).wants(t, 0)
		if _, example, found := strings.Cut(got.out, "\nExample:\n  "); !found || !strings.Contains(example, "miniblog") {
			t.Errorf("%q: no example in %s", command, got.out)
		}
		if got.errors != "" {
			t.Errorf("%q: says %s on stderr", command, got.errors)
		}
	}
}

func TestWrongUsageExitsWithTwoAndOneLine(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"--no-such-flag", "no-such-command", "user add", "user link", "user disable", "user enable", "invite --uses many", "invite ada", "migrate sideways", "demo --posts many", "serve extra"} {
		wantsLines(t, run(t, settings{"MINIBLOG_DATA_DIR": "/nonexistent/never"}, "", strings.Fields(command)...).wants(t, 2), 1)
	}
}

func TestEveryWrongSettingIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	got := run(t, settings{
		"MINIBLOG_ADDR": "nowhere", "MINIBLOG_SIGNUP": "perhaps", "MINIBLOG_PASSWORD_MIN": "3", "MINIBLOG_LOG": "xml", "DATABASE_URL": "mysql://secret@host/db",
	}, "")
	if got.code == 0 {
		t.Error("it starts")
	}
	wantsLines(t, got, 5)
	for _, name := range []string{"MINIBLOG_ADDR: ", "MINIBLOG_SIGNUP: ", "MINIBLOG_PASSWORD_MIN: ", "MINIBLOG_LOG: ", "DATABASE_URL: "} {
		if strings.Count(got.errors, "miniblog: "+name) != 1 {
			t.Errorf("%s is not named once: %s", name, got.errors)
		}
	}
	if strings.Contains(got.errors, "secret") {
		t.Error("a value is repeated")
	}
}

// wantsLines asserts so many plain lines on stderr and none on stdout.
func wantsLines(t *testing.T, got outcome, count int) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(got.errors, "\n"), "\n")
	if len(lines) != count || got.out != "" {
		t.Errorf("%d lines, want %d: %s%s", len(lines), count, got.errors, got.out)
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, "miniblog: ") {
			t.Errorf("not a plain line: %s", line)
		}
	}
}

func TestASecondStartOnTheSameDataSaysWhoHoldsIt(t *testing.T) {
	t.Parallel()
	env := settings{"MINIBLOG_DATA_DIR": freshDir(t), "MINIBLOG_ADDR": "127.0.0.1:0"}
	p := start(t, env)
	got := run(t, env, "").wants(t, 1)
	if !strings.Contains(got.errors, "miniblog at "+p.addr) || !strings.Contains(got.errors, "--data-dir") {
		t.Errorf("it says %s", got.errors)
	}
	p.answers("/", 200)
}

func TestATakenAddressIsSaidBeforeAnyWorkOnTheDatabase(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	noError(t, err)
	defer taken.Close()
	dir := freshDir(t)
	for name, flag := range map[string]string{"MINIBLOG_ADDR": "--addr", "MINIBLOG_ADMIN_ADDR": "--admin-addr"} {
		env := settings{"MINIBLOG_DATA_DIR": dir, "MINIBLOG_ADDR": "127.0.0.1:0"}
		env[name] = taken.Addr().String()
		got := run(t, env, "").wants(t, 1)
		wantsLines(t, got, 1)
		if !strings.Contains(got.errors, taken.Addr().String()) || !strings.Contains(got.errors, "with "+flag) {
			t.Errorf("it says %s", got.errors)
		}
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the data directory was touched: %v", err)
	}
}

func TestCommandsWorkOnADatabaseOfTheirOwn(t *testing.T) {
	t.Parallel()
	env := settings{"DATABASE_URL": dbtest.Empty(t)}
	says := func(words string, got outcome) {
		t.Helper()
		if got.wants(t, 0); !strings.Contains(got.out, words) || got.errors != "" {
			t.Errorf("out: %s\nerr: %s\nwant: %s", got.out, got.errors, words)
		}
	}
	says("miniblog ", run(t, nil, "", "version"))
	says("pending  00001_users.sql", run(t, env, "", "migrate", "status"))
	says("schema     the next start brings it up to date\n", run(t, env, "", "doctor"))
	if got := run(t, env, "", "user", "list").wants(t, 1); !strings.Contains(got.errors, "run 'miniblog migrate up'") {
		t.Errorf("the list of a database without a schema says %s", got.errors)
	}
	says("pending  00001_users.sql", run(t, env, "", "migrate", "status"))
	says("took 00001_users.sql", run(t, env, "", "migrate", "up"))
	says("taken    00001_users.sql", run(t, env, "", "migrate", "status"))
	says("up to date", run(t, env, "", "migrate", "up"))
	says("schema     up to date", run(t, env, "", "doctor"))
	says("Added ada.", run(t, env, dbtest.Password+"\n", "user", "add", "ada", "--password-stdin", "--email", "ada@example.org", "--admin"))
	says("ada@example.org", run(t, env, "", "user", "list"))
	conn, err := pgx.Connect(t.Context(), env["DATABASE_URL"])
	noError(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), "INSERT INTO usernames (username) VALUES ('grace')") // as an account that was removed leaves it
	noError(t, err)
	for _, each := range []struct{ name, password, words string }{
		{"ada", dbtest.Password, "taken"}, {"grace", dbtest.Password, "an account has it, or had it once"}, {"bob", "short", "8 characters"}, {"b", dbtest.Password, "3"}, {"bob", "", "8 characters"},
	} {
		got := run(t, env, each.password+"\n", "user", "add", each.name, "--password-stdin").wants(t, 1)
		if wantsLines(t, got, 1); !strings.Contains(got.errors, each.words) {
			t.Errorf("%s: it says %s", each.name, got.errors)
		}
	}
	wantsLines(t, run(t, env, "", "user", "add", "bob").wants(t, 1), 1) // no terminal to ask on
}

func TestCommandsWorkBesideARunningBlog(t *testing.T) {
	t.Parallel()
	env := settings{"MINIBLOG_DATA_DIR": freshDir(t)}
	p := start(t, env)
	add(t, env, "ada")
	if got := run(t, env, "", "user", "list").wants(t, 0); !strings.Contains(got.out, "ada") {
		t.Errorf("the list: %s", got.out)
	}
	if got := run(t, env, "", "doctor").wants(t, 0); !strings.Contains(got.out, "durable    yes") {
		t.Errorf("doctor says of a private database: %s", got.out)
	}
	run(t, env, "", "migrate", "status").wants(t, 0)
	p.login("ada")
	p.answers("/@ada", 200)
	run(t, settings{"MINIBLOG_ADDR": p.addr}, "", "doctor", "--ready").wants(t, 0)
	p.send(syscall.SIGTERM)
	p.exits(20 * time.Second)
	wantsLines(t, run(t, settings{"MINIBLOG_ADDR": p.addr}, "", "doctor", "--ready").wants(t, 1), 1)
	// Without the blog, a command runs the database for as long as it takes.
	if got := run(t, env, "", "user", "list").wants(t, 0); !strings.Contains(got.out, "ada") {
		t.Errorf("the list: %s", got.out)
	}
	p.leftNothing()
}

func TestANewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	env := settings{"DATABASE_URL": dbtest.Empty(t), "MINIBLOG_ADDR": "127.0.0.1:0"}
	run(t, env, "", "migrate", "up").wants(t, 0)
	conn, err := pgx.Connect(t.Context(), env["DATABASE_URL"])
	noError(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	noError(t, err)
	for _, command := range [][]string{{"serve"}, {"migrate", "up"}, {"user", "list"}} {
		got := run(t, env, "", command...).wants(t, 1)
		if wantsLines(t, got, 1); !strings.Contains(got.errors, "newer") {
			t.Errorf("%v says %s", command, got.errors)
		}
	}
	if got := run(t, env, "", "doctor").wants(t, 1); !strings.Contains(got.errors, "newer") {
		t.Errorf("doctor says %s", got.errors)
	}
}

func TestAUnixSocketIsAnAddressToo(t *testing.T) {
	t.Parallel()
	socket := filepath.Join(filepath.Dir(freshDir(t)), "blog.sock")
	env := settings{"DATABASE_URL": dbtest.Empty(t), "MINIBLOG_ADDR": socket, "MINIBLOG_URL": "https://blog.example.org"}
	killed := start(t, env)
	killed.answers("/", 200)
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("the socket's rights: %v, %v", info, err)
	}
	if got := run(t, env, "").wants(t, 1); !strings.Contains(got.errors, "cannot listen on "+socket) {
		t.Errorf("a second start says %s", got.errors)
	}
	killed.send(syscall.SIGKILL)
	killed.exits(5 * time.Second)
	next := start(t, env) // over the socket that was left
	next.answers("/", 200)
	run(t, env, "", "doctor", "--ready").wants(t, 0)
	next.send(syscall.SIGTERM)
	next.exits(20 * time.Second)
	if _, err := os.Stat(socket); !os.IsNotExist(err) {
		t.Errorf("the socket is left: %v", err)
	}
}

func TestMetricsAreOnTheAdminAddressAlone(t *testing.T) {
	t.Parallel()
	p := start(t, settings{"DATABASE_URL": dbtest.Empty(t), "MINIBLOG_ADMIN_ADDR": "127.0.0.1:0"})
	p.answers("/metrics", 404)
	p.answers("/debug/pprof/", 404)
	admin := &process{t: t, addr: p.admin}
	admin.answers("/debug/pprof/", 200)
	admin.answers("/", 404)
	_, _, body := admin.get("/metrics")
	for _, line := range []string{
		"miniblog_goroutines ", "miniblog_kept_pages ", `miniblog_requests_at_work{work="writing"} 0`,
		`miniblog_requests_waiting{work="hashing"} 0`, `miniblog_requests_turned_away_total{work="reading"} 0`,
	} {
		if !strings.Contains(body, "\n"+line) {
			t.Errorf("no %s in the metrics: %s", line, body)
		}
	}
}
