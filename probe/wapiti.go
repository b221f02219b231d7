package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

// modules are wapiti's attacks that fit. Its csrf looks for tokens in forms, of which there are none on purpose:
// refusesForeign asks what they are for. What its blindsql does sqlmap does better.
const modules = "cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,ssrf,xss,xxe"

// judged are reports that are no findings, by how they begin, and why.
var judged = [][2]string{
	{"Strict-Transport-Security is not set", "the probe has no HTTPS: TestEveryAnswerIsGuarded"},
	{"Secure flag is not set in the cookie", "the probe has no HTTPS: TestOverHTTPSTheSessionCookieIsBoundToTheHost"},
	{"X-Frame-Options is not set", "frame-ancestors in the Content-Security-Policy says it: TestEveryAnswerIsGuarded"},
	{"X-XSS-Protection is not set", "browsers have dropped it, and it did harm"},
}

// wapiti crawls all pages of a viewer and attacks every form and parameter that it finds.
func (s *site) wapiti(ctx context.Context, as viewer) (verdict, error) {
	p, err := s.newPerson(ctx, as)
	if err != nil {
		return verdict{}, err
	}
	stranger, err := s.newPerson(ctx, author)
	if err != nil {
		return verdict{}, err
	}
	p.words["link"] = stranger.words["link"] // it uses the link, and with its own the password would be another
	w, err := newWire(s, p.sees(as))
	if err != nil {
		return verdict{}, err
	}
	defer w.close()
	bait, err := newBait()
	if err != nil {
		return verdict{}, err
	}
	defer bait.server.Close()
	dir, err := os.MkdirTemp(s.dir, "wapiti-")
	if err != nil {
		return verdict{}, err
	}
	at, report := "http://"+w.addr, filepath.Join(dir, "report.json")
	args := []string{"-u", at + "/", "-d", "1", "-m", modules, "-f", "json", "-o", report, "--no-bugreport", "--flush-session",
		"--store-session", dir, "--store-config", dir, "--endpoint", "http://" + bait.addr + "/",
		"--max-scan-time", "90", "--max-attack-time", "120", "-v", "1"}
	for _, page := range pages {
		if page.as == as || as == owner {
			args = append(args, "-s", at+strings.ReplaceAll(p.fill(page.path), "*", ""))
		}
	}
	begun := time.Now()
	said, err := runTool(ctx, dir, "wapiti", args...)
	found := verdict{tool: "wapiti", as: string(as), what: "every page, " + modules, took: time.Since(begun)}
	found.requests, found.statuses = w.total()
	found.findings = w.failures
	if hits := bait.hits.Load(); hits > 0 {
		found.findings = append(found.findings, fmt.Sprintf("the blog asked for %d addresses that it was given", hits))
	}
	if err != nil || strings.Contains(said, "time was reached") { // then it has left something out
		return found, fmt.Errorf("wapiti did not come to an end: %w\n%s", err, said)
	}
	return found, found.readReport(report)
}

// readReport sorts what wapiti reports.
func (v *verdict) readReport(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	type reports map[string][]struct {
		Method, Path, Info, Parameter string
	}
	var all struct{ Vulnerabilities, Anomalies reports }
	if err := json.Unmarshal(content, &all); err != nil {
		return err
	}
	for _, kind := range []reports{all.Vulnerabilities, all.Anomalies} {
		for name, each := range kind {
			for _, report := range each {
				line := fmt.Sprintf("%s: %s %s %s: %s", name, report.Method, report.Path, report.Parameter, report.Info)
				v.judge(line, report.Info)
			}
		}
	}
	return nil
}

func (v *verdict) judge(line, info string) {
	for _, each := range judged {
		if strings.HasPrefix(info, each[0]) {
			v.judged = append(v.judged, line+" ("+each[1]+")")
			return
		}
	}
	v.findings = append(v.findings, line)
}

// bait is what a blog that fetches the addresses that it is given would fetch.
type bait struct {
	addr   string
	server *http.Server
	hits   atomic.Int64
}

func newBait() (*bait, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &bait{addr: listener.Addr().String()}
	b.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/get_") { // wapiti itself, which asks what was caught
			b.hits.Add(1)
		}
		fmt.Fprint(w, "{}")
	})}
	go b.server.Serve(listener) // until it is closed
	return b, nil
}
