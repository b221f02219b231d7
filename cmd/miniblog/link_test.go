package main_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"miniblog/internal/dbtest"
)

func TestALinkFromTheCommandSetsThePasswordBesideARunningBlog(t *testing.T) {
	t.Parallel()
	const changed = "eight brown owls"
	env := settings{"MINIBLOG_DATA_DIR": freshDir(t), "MINIBLOG_URL": "http://blog.example.org"}
	p := start(t, env)
	add(t, env, "ada")
	p.login("ada")
	got := run(t, env, "", "user", "link", "ada").wants(t, 0)
	link, err := url.Parse(strings.TrimSuffix(got.out, "\n"))
	noError(t, err)
	if !strings.HasPrefix(got.out, "http://blog.example.org/reset/") || strings.Count(got.out, "\n") != 1 || got.errors != "" {
		t.Errorf("it says %s%s", got.out, got.errors)
	}
	p.answers(link.Path, http.StatusOK)
	response, err := p.caller().PostForm("http://localhost"+link.Path, url.Values{"password": {changed}})
	noError(t, err)
	defer response.Body.Close()
	if to := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || to != "/login?changed=yes" {
		t.Errorf("it answered %d and led to %s", response.StatusCode, to)
	}
	p.answers(link.Path, http.StatusNotFound)
	if said := p.said(); strings.Contains(said, strings.TrimPrefix(link.Path, "/reset/")) || strings.Contains(said, changed) {
		t.Errorf("the log holds a secret: %s", said)
	}
}

func TestALinkWithoutAPublicAddressSaysWhereItWorks(t *testing.T) {
	t.Parallel()
	env := settings{"DATABASE_URL": dbtest.Empty(t), "MINIBLOG_ADDR": "127.0.0.1:8099"}
	if got := run(t, env, "", "user", "link", "ada").wants(t, 1); !strings.Contains(got.errors, "run 'miniblog migrate up'") {
		t.Errorf("on a database without a schema it says %s", got.errors)
	}
	run(t, env, "", "migrate", "up").wants(t, 0)
	add(t, env, "ada")
	got := run(t, env, "", "user", "link", "ADA").wants(t, 0)
	if !strings.HasPrefix(got.out, "http://localhost:8099/reset/") || !strings.Contains(got.errors, "MINIBLOG_URL is not set") {
		t.Errorf("it says %s%s", got.out, got.errors)
	}
	got = run(t, env, "", "user", "link", "eve", "--url", "https://blog.example.org").wants(t, 1)
	if wantsLines(t, got, 1); !strings.Contains(got.errors, `no account "eve"`) {
		t.Errorf("of nobody it says %s", got.errors)
	}
	env["MINIBLOG_ADDR"] = "127.0.0.1:0"
	got = run(t, env, "", "user", "link", "ada").wants(t, 1)
	if wantsLines(t, got, 1); !strings.Contains(got.errors, "--url") {
		t.Errorf("where no port is known it says %s", got.errors)
	}
	got = run(t, env, "", "user", "link", "ada", "--url", "https://blog.example.org/").wants(t, 0)
	if !strings.HasPrefix(got.out, "https://blog.example.org/reset/") || got.errors != "" {
		t.Errorf("it says %s%s", got.out, got.errors)
	}
}
