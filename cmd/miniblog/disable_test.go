package main_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"miniblog/internal/dbtest"
)

func TestADisabledAccountIsOutBesideARunningBlog(t *testing.T) {
	t.Parallel()
	env := settings{"MINIBLOG_DATA_DIR": freshDir(t)}
	p := start(t, env)
	add(t, env, "ada")
	add(t, env, "bob")
	dashboard := p.dashboardOf(p.login("bob"))
	dashboard(http.StatusOK)
	for range 2 { // twice is harmless
		got := run(t, env, "", "user", "disable", "BOB").wants(t, 0)
		if got.out != "bob is disabled, and logged out everywhere.\n" || got.errors != "" {
			t.Errorf("it says %s%s", got.out, got.errors)
		}
	}
	dashboard(http.StatusSeeOther)
	list := run(t, env, "", "user", "list").wants(t, 0).out
	if !strings.Contains(list, "STATE") || !strings.Contains(list, "disabled") || strings.Count(list, "active") != 1 {
		t.Errorf("the list: %s", list)
	}
	got := run(t, env, "", "user", "disable", "ada").wants(t, 1)
	if wantsLines(t, got, 1); !strings.Contains(got.errors, "ada is the only owner of this blog: make somebody else an owner first.") {
		t.Errorf("of the only owner it says %s", got.errors)
	}
	for range 2 {
		if got := run(t, env, "", "user", "enable", "bob").wants(t, 0); got.out != "bob can log in again.\n" {
			t.Errorf("it says %s", got.out)
		}
	}
	p.login("bob")
	for _, command := range []string{"disable", "enable"} {
		got := run(t, env, "", "user", command, "eve").wants(t, 1)
		if wantsLines(t, got, 1); !strings.Contains(got.errors, `no account "eve"`) {
			t.Errorf("%s: of nobody it says %s", command, got.errors)
		}
	}
}

// dashboardOf asks for the dashboard of who holds the session.
func (p *process) dashboardOf(session string) func(status int) {
	return func(status int) {
		p.t.Helper()
		request, err := http.NewRequest(http.MethodGet, "http://localhost/dashboard", nil)
		noError(p.t, err)
		request.AddCookie(&http.Cookie{Name: "session", Value: session})
		response, err := p.caller().Do(request)
		noError(p.t, err)
		defer response.Body.Close()
		if response.StatusCode != status {
			p.t.Errorf("the dashboard answers %d, want %d", response.StatusCode, status)
		}
	}
}

func TestAnInvitationFromTheCommandLetsOneJoin(t *testing.T) {
	t.Parallel()
	env := settings{"DATABASE_URL": dbtest.Empty(t), "MINIBLOG_SIGNUP": "invite", "MINIBLOG_URL": "http://blog.example.org", "MINIBLOG_ADDR": "127.0.0.1:0"}
	if got := run(t, env, "", "invite").wants(t, 1); !strings.Contains(got.errors, "run 'miniblog migrate up'") {
		t.Errorf("on a database without a schema it says %s", got.errors)
	}
	p := start(t, env)
	got := run(t, env, "", "invite").wants(t, 0)
	if !strings.HasPrefix(got.out, "http://blog.example.org/signup?invitation=") || strings.Count(got.out, "\n") != 1 || got.errors != "" {
		t.Errorf("it says %s%s", got.out, got.errors)
	}
	link, err := url.Parse(strings.TrimSuffix(got.out, "\n"))
	noError(t, err)
	token := link.Query().Get("invitation")
	p.answers("/signup?invitation="+token, http.StatusOK)
	for _, want := range []struct {
		name   string
		status int
	}{{"joe", http.StatusSeeOther}, {"kim", http.StatusForbidden}} {
		response, err := p.caller().PostForm("http://localhost/signup", url.Values{
			"username": {want.name}, "password": {dbtest.Password}, "invitation": {token},
		})
		noError(t, err)
		response.Body.Close()
		if response.StatusCode != want.status {
			t.Errorf("%s is answered %d", want.name, response.StatusCode)
		}
	}
	if strings.Contains(p.said(), token) {
		t.Error("the log holds the secret")
	}
	got = run(t, env, "", "invite", "--uses", "1001", "--days", "0").wants(t, 1)
	if wantsLines(t, got, 1); !strings.Contains(got.errors, "1 to 1,000 people") || !strings.Contains(got.errors, "1 to 365 days") {
		t.Errorf("it says %s", got.errors)
	}
	delete(env, "MINIBLOG_URL")
	env["MINIBLOG_ADDR"] = "127.0.0.1:8099"
	got = run(t, env, "", "invite", "--uses", "5", "--days", "14").wants(t, 0)
	if !strings.HasPrefix(got.out, "http://localhost:8099/signup?invitation=") || !strings.Contains(got.errors, "MINIBLOG_URL is not set") {
		t.Errorf("it says %s%s", got.out, got.errors)
	}
}
