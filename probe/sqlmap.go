package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// toolLimit ends a tool that does not end.
const toolLimit = 10 * time.Minute

// verdict is what a tool said of a target.
type verdict struct {
	tool, as, what string
	requests       int
	statuses       string
	took           time.Duration
	judged         []string // what was reported and is none, each with why
	findings       []string
}

// sqlmap tries every parameter of a target with a person of its own.
func (s *site) sqlmap(ctx context.Context, t target) (verdict, error) {
	p, err := s.newPerson(ctx, t.as)
	if err != nil {
		return verdict{}, err
	}
	if t, err = s.again(ctx, p, t); err != nil {
		return verdict{}, err
	}
	w, err := newWire(s, p.sees(t.as))
	if err != nil {
		return verdict{}, err
	}
	defer w.close()
	args := []string{"-u", "http://" + w.addr + t.action, "--method", t.method}
	if len(t.fields) > 0 {
		args = append(args, "--data", t.fields.Encode())
	}
	found, err := s.runSqlmap(ctx, w, args)
	found.as, found.what = string(t.as), t.String()
	if t.method == http.MethodPost && err == nil {
		err = s.refusesForeign(ctx, p.sees(t.as), t, &found)
	}
	return found, err
}

// sqlmapCookie tries the value of a cookie.
func (s *site) sqlmapCookie(ctx context.Context, i int) (verdict, error) {
	c := cookies[i]
	p, err := s.newPerson(ctx, author)
	if err != nil {
		return verdict{}, err
	}
	w, err := newWire(s, nil)
	if err != nil {
		return verdict{}, err
	}
	defer w.close()
	value := map[string]string{"session": p.session, "device": p.device, "left": p.words["post"]}[c.name]
	args := []string{"-u", "http://" + w.addr + c.path, "--method", c.method, "--cookie", c.name + "=" + value, "-p", c.name}
	if c.method == http.MethodPost {
		args = append(args, "--data", "username="+p.name+"&password=wrong")
	}
	found, err := s.runSqlmap(ctx, w, args)
	found.as, found.what = string(c.as), fmt.Sprintf("%s %s cookie %s", c.method, c.path, c.name)
	return found, err
}

func (s *site) runSqlmap(ctx context.Context, w *wire, args []string) (verdict, error) {
	dir, err := os.MkdirTemp(s.dir, "sqlmap-")
	if err != nil {
		return verdict{}, err
	}
	args = append(args, "--batch", "--level", "2", "--risk", "1", "--dbms", "PostgreSQL", "--output-dir", dir, "--flush-session",
		"--ignore-proxy", "--ignore-redirects", "--ignore-code", "*", "--drop-set-cookie", "--disable-coloring",
		"--answers", "custom injection marker=Y,process=Y")
	begun := time.Now()
	said, err := runTool(ctx, dir, "sqlmap", args...)
	found := verdict{tool: "sqlmap", took: time.Since(begun)}
	found.requests, found.statuses = w.total()
	found.findings = w.failures
	if !found.readSqlmap(said) {
		return found, fmt.Errorf("sqlmap %q did not come to an end: %w\n%s", args, err, said)
	}
	return found, nil // its exit code says no more than its words
}

// What sqlmap says once it is sure of an injection, and while it is not: that it tries again, and takes most back.
var (
	sureLine   = regexp.MustCompile(`(?m)^.*(?:parameter '.*' is vulnerable|identified the following injection point|    Type: |    Payload: ).*$`)
	unsureLine = regexp.MustCompile(`(?m)^.*(?:appears to be '.*' injectable|false positive or unexploitable).*$`)
)

// readSqlmap sorts what sqlmap said, and tells whether it came to an end.
func (v *verdict) readSqlmap(said string) (ended bool) {
	sure := sureLine.FindAllString(said, -1)
	v.findings = append(v.findings, sure...)
	if len(sure) > 0 {
		return true
	}
	for _, line := range unsureLine.FindAllString(said, -1) {
		v.judged = append(v.judged, line+" (taken back by sqlmap itself)")
	}
	return strings.Contains(said, "all tested parameters do not appear to be injectable")
}

// refusesForeign sends the form as another site would.
func (s *site) refusesForeign(ctx context.Context, p *person, t target, found *verdict) error {
	request, err := http.NewRequestWithContext(ctx, t.method, "http://"+s.addr+t.action, strings.NewReader(t.fields.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	if p != nil {
		request.Header.Set("Cookie", "session="+p.session)
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		found.findings = append(found.findings, fmt.Sprintf("a form from another site is answered %d", answer.StatusCode))
	}
	return nil
}

// runTool runs a tool to its end in a directory of its own, and returns all it said.
func runTool(ctx context.Context, dir, name string, args ...string) (said string, err error) {
	ctx, cancel := context.WithTimeout(ctx, toolLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "LANG=C.UTF-8", "NO_PROXY=*", "TERM=dumb", "COLUMNS=200"}
	out, err := cmd.CombinedOutput()
	_ = os.WriteFile(filepath.Join(dir, name+".out"), out, 0o600) // for whoever keeps the directory
	return string(out), err
}
