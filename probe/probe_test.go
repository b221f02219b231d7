package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// What sqlmap 1.7 says of a parameter that can be injected into, of one that cannot, and of one that it changes its mind about.
const (
	saidYes = `[03:43:17] [INFO] GET parameter 'q' appears to be 'AND boolean-based blind - WHERE or HAVING clause' injectable
GET parameter 'q' is vulnerable. Do you want to keep testing the others (if any)? [y/N] N
sqlmap identified the following injection point(s) with a total of 111 HTTP(s) requests:
    Type: boolean-based blind
    Payload: q=ada' AND 3417=3417 AND 'QIQU'='QIQU
`
	saidNo = `[03:38:02] [WARNING] heuristic (basic) test shows that GET parameter 'next' might not be injectable
[03:38:04] [WARNING] GET parameter 'next' does not seem to be injectable
[03:38:04] [CRITICAL] all tested parameters do not appear to be injectable. Try to increase values for '--level'/'--risk' options
`
	saidPerhaps = `[03:52:06] [INFO] GET parameter 'carried' appears to be 'AND boolean-based blind - WHERE or HAVING clause' injectable
[03:52:09] [WARNING] false positive or unexploitable injection point detected
`
)

func TestWhatSqlmapIsSureOfIsFound(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]struct {
		found, judged int
		ended         bool
	}{
		saidYes: {4, 0, true}, saidNo: {0, 0, true}, saidPerhaps + saidNo: {0, 2, true}, saidPerhaps: {0, 2, false}, "": {0, 0, false},
	} {
		var v verdict
		if ended := v.readSqlmap(said); ended != want.ended || len(v.findings) != want.found || len(v.judged) != want.judged {
			t.Errorf("%s\nended %v, found %q, judged %q", said, ended, v.findings, v.judged)
		}
	}
}

func TestWhatWapitiReportsIsFoundUnlessItWasJudged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "report.json")
	err := os.WriteFile(path, []byte(`{"vulnerabilities": {
		"HTTP Secure Headers": [{"method": "GET", "path": "/", "info": "X-XSS-Protection is not set", "parameter": ""}],
		"Open Redirect": [{"method": "GET", "path": "/login", "info": "Open redirect via injection", "parameter": "next"}], "SQL Injection": []
	}, "anomalies": {"Internal Server Error": [{"method": "POST", "path": "/x", "info": "500", "parameter": "a"}]}}`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	var v verdict
	if err := v.readReport(path); err != nil || len(v.judged) != 1 || len(v.findings) != 2 {
		t.Errorf("judged %q, found %q, %v", v.judged, v.findings, err)
	}
}

func TestATargetIsTheSameForEachPerson(t *testing.T) {
	t.Parallel()
	p := &person{name: "probe-abcdefghijkl", words: map[string]string{"name": "probe-abcdefghijkl", "post": "0192f0c1-2345-7abc-8def-0123456789ab"}}
	var names []string
	for _, each := range p.addressesOf("/@{name}*/x?before=1.{post}") {
		names = append(names, each.String()+" of "+each.action)
	}
	want := []string{
		"GET /@{}*/x of /@probe-abcdefghijkl*/x",
		"GET /@{}/x?before of /@probe-abcdefghijkl/x?before=1.0192f0c1-2345-7abc-8def-0123456789ab",
	}
	if !slices.Equal(names, want) {
		t.Errorf("they are %q", names)
	}
}

func TestEveryFieldOfAFormIsFilledIn(t *testing.T) {
	t.Parallel()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(`<form>
		<input name="username"><input type="password" name="old"><input type="email" name="email"><input type="hidden" name="id" value="7">
		<textarea name="body"></textarea><select name="days"><option value="1"><option value="7" selected></select>
		<button name="status" value="draft">Save</button><input type="submit"></form>`))
	if err != nil {
		t.Fatal(err)
	}
	const want = "body=low+tide&days=7&email=ada%40example.org&id=7&old=seven+grey+herons&status=draft&username=ada"
	if got := fieldsOf(page.Find("form"), "ada").Encode(); got != want {
		t.Errorf("it sends %s", got)
	}
}
