package main_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestCommandsFindARunningBlogInTheDefaultPlace(t *testing.T) {
	t.Parallel()
	home := freshDir(t)
	noError(t, os.Mkdir(home, 0o755))
	env := settings{"XDG_DATA_HOME": home}
	serve := program(t, env, false, "serve", "--addr", "127.0.0.1:0", "--log", "json")
	p := watch(t, serve, filepath.Join(home, "miniblog"))
	p.listens()
	run(t, env, "", "demo", "--posts", "5").wants(t, 0)
	if got := run(t, env, "", "user", "list").wants(t, 0); strings.Count(got.out, "\n") < 2 {
		t.Errorf("the list: %s", got.out)
	}
	p.answers("/readyz", 200)
}

func TestCommandsThatOnlyLookMakeNoDatabase(t *testing.T) {
	t.Parallel()
	const none = "no database yet: the first start makes it"
	dir := freshDir(t)
	env := settings{"MINIBLOG_DATA_DIR": dir}
	for _, command := range [][]string{{"doctor"}, {"migrate", "status"}} {
		if got := run(t, env, "", command...).wants(t, 0); !strings.Contains(got.out, none) || got.errors != "" {
			t.Errorf("%v says %s%s", command, got.out, got.errors)
		}
	}
	if got := run(t, env, "", "doctor"); !strings.Contains(got.out, "programs   PostgreSQL ") {
		t.Errorf("doctor does not look for the programs: %s", got.out)
	}
	got := run(t, env, "", "user", "list").wants(t, 1)
	if wantsLines(t, got, 1); !strings.Contains(got.errors, none) {
		t.Errorf("user list says %s", got.errors)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the data directory was made: %v", err)
	}
}

func TestAnotherUserIsToldAtOnceWhoseBlogItIs(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Log("only root can become another user: nothing is tried")
		return
	}
	for name, each := range map[string]struct {
		ordinary bool // the blog is nobody's, and root asks; else it is root's, and nobody asks
		owner    string
	}{"root beside nobody's blog": {true, "nobody"}, "nobody beside root's blog": {false, "root"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := settings{"MINIBLOG_DATA_DIR": freshDir(t)}
			p := launch(t, env, each.ordinary)
			p.listens()
			for _, command := range [][]string{{"user", "list"}, {"doctor"}, {"demo", "--posts", "1"}} {
				begun := time.Now()
				got := runAs(t, env, !each.ordinary, command...).wants(t, 1)
				if took := time.Since(begun); took > 5*time.Second {
					t.Errorf("%v took %s", command, took)
				}
				if lines := strings.Count(got.errors, "\n"); lines != 1 || !strings.Contains(got.errors, "belongs to user "+each.owner+": run this as "+each.owner+" (sudo -u "+each.owner+" miniblog ...)") {
					t.Errorf("%v says %s", command, got.errors)
				}
			}
			p.answers("/readyz", 200)
		})
	}
}

func TestAnUnreadyBlogIsReportedOnOneLine(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "the database is away", http.StatusServiceUnavailable)
	}))
	defer server.Close()
	got := run(t, settings{"MINIBLOG_ADDR": server.Listener.Addr().String()}, "", "doctor", "--ready").wants(t, 1)
	if wantsLines(t, got, 1); !strings.HasSuffix(got.errors, "is not ready: the database is away\n") {
		t.Errorf("it says %q", got.errors)
	}
}

func TestACommandGivesUpOnABlogWhoseDatabaseNeverAnswers(t *testing.T) {
	t.Parallel()
	env := settings{"MINIBLOG_DATA_DIR": freshDir(t)}
	p := start(t, env)
	pid := postmaster(p.dataDir)
	noError(t, syscall.Kill(pid, syscall.SIGSTOP))
	t.Cleanup(func() { syscall.Kill(pid, syscall.SIGCONT) })
	begun := time.Now()
	got := run(t, env, "", "user", "list").wants(t, 1)
	if took := time.Since(begun); took > 25*time.Second {
		t.Errorf("it took %s", took)
	}
	if wantsLines(t, got, 1); !strings.Contains(got.errors, "does not answer") {
		t.Errorf("it says %s", got.errors)
	}
}
