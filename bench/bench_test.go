package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// Contenders are this very program, which is the test's here.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == contend {
		main()
		return
	}
	os.Exit(m.Run())
}

// The figures of so short a bench mean nothing; that it works is what is tested.
func TestAShortBenchKeepsEveryAutosaveAndLeavesNothing(t *testing.T) {
	t.Parallel()
	var out, progress strings.Builder
	o := options{
		rounds: 2, each: 300 * time.Millisecond, connections: 2, writers: 3, every: 100 * time.Millisecond, sizes: "30", only: "autosave",
		dir: t.TempDir(), write: filepath.Join(t.TempDir(), "document.md"),
	}
	noError(t, os.WriteFile(o.write, []byte("# Title\n<!-- bench autosave -->\nold\n<!-- end -->\n"), 0o600))
	if err := run(t.Context(), o, &out, &progress); err != nil {
		t.Fatalf("%v\n%s%s", err, progress.String(), out.String())
	}
	for _, part := range []string{"PostgreSQL 1", "| `/` per second |", "| autosaves failed | – | 0 (0..0) |", "of its speed"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("it prints no %q: %s", part, out.String())
		}
	}
	if text, err := os.ReadFile(o.write); err != nil || !strings.Contains(string(text), strings.TrimSpace(out.String())) {
		t.Errorf("the document is not renewed: %v %s", err, text)
	}
	if left, err := os.ReadDir(o.dir); err != nil || len(left) > 0 {
		t.Errorf("it leaves %v %v", left, err)
	}
}

func TestAShortBenchOfSearchesTellsOfEachAndLeavesNothing(t *testing.T) {
	t.Parallel()
	var out, progress strings.Builder
	o := options{
		rounds: 2, each: time.Second, connections: 1, writers: 1, every: time.Second, sizes: "30", only: "search",
		dir: t.TempDir(), write: filepath.Join(t.TempDir(), "document.md"),
	}
	noError(t, os.WriteFile(o.write, []byte("# Title\n<!-- bench search -->\nold\n<!-- end -->\n"), 0o600))
	if err := run(t.Context(), o, &out, &progress); err != nil {
		t.Fatalf("%v\n%s%s", err, progress.String(), out.String())
	}
	for _, typed := range append([]string{hardSearch, "all but the last"}, searches...) {
		if !strings.Contains(out.String(), "| "+typed+" |") {
			t.Errorf("it tells nothing of %s: %s", typed, out.String())
		}
	}
	if text, err := os.ReadFile(o.write); err != nil || !strings.Contains(string(text), strings.TrimSpace(out.String())) {
		t.Errorf("the document is not renewed: %v %s", err, text)
	}
	if left, err := os.ReadDir(o.dir); err != nil || len(left) > 0 {
		t.Errorf("it leaves %v %v", left, err)
	}
}

// What needs neither wrk nor nginx is measured here, at two sizes.
func TestAShortBenchOfTheRestTellsOfEachAndLeavesNothing(t *testing.T) {
	t.Parallel()
	var out, progress strings.Builder
	o := options{
		rounds: 1, each: time.Second, connections: 1, writers: 12, every: time.Second, sizes: "30,60", only: "save,login,start,mixed,size",
		mixed: time.Second, wide: 2, dir: t.TempDir(), write: filepath.Join(t.TempDir(), "document.md"),
	}
	var places strings.Builder
	for part := range strings.SplitSeq(o.only, ",") {
		places.WriteString("<!-- bench " + part + " -->\nold\n<!-- end -->\n")
	}
	noError(t, os.WriteFile(o.write, []byte(places.String()), 0o600))
	if err := run(t.Context(), o, &out, &progress); err != nil {
		t.Fatalf("%v\n%s%s", err, progress.String(), out.String())
	}
	text, err := os.ReadFile(o.write)
	noError(t, err)
	for _, part := range []string{
		"| miniblog |", "| pgbench over TCP |", "| bare Argon2id, all processors |", "| from exec to the first page", "**0 were stale**",
		"| page, median ms (and meanwhile in the small blog) | 30 posts | 60 posts | grows to |", "| the history |", "log-ins: of the bare rate",
	} {
		if !strings.Contains(string(text), part) {
			t.Errorf("the document has no %q: %s", part, text)
		}
	}
	if chart, err := os.ReadFile(filepath.Join(strings.TrimSuffix(o.write, ".md"), "saves.svg")); err != nil || !strings.Contains(string(chart), ">60</text>") {
		t.Errorf("no chart of saves: %v %s", err, chart)
	}
	if left, err := os.ReadDir(o.dir); err != nil || len(left) > 0 {
		t.Errorf("it leaves %v %v", left, err)
	}
}

func TestOnlyTheHashOfWhatWasSentCounts(t *testing.T) {
	t.Parallel()
	w := newWriter("", "session", strings.Repeat("a line. ", longest), 0, options{writers: 1, every: time.Second})
	for want, answer := range map[bool]func(hash string) (int, string){
		true:  func(hash string) (int, string) { return 200, `<p data-sha256="` + hash + `">` },
		false: func(hash string) (int, string) { return 200, `<p data-sha256="` + hashOf(hash) + `">` },
	} {
		request, hash := w.next()
		status, body := answer(hash)
		if got := saves(t, w, request, hash, status, body); got != want {
			t.Errorf("answered %d %s it counts as kept: %v", status, body, got)
		}
	}
	if request, hash := w.next(); saves(t, w, request, hash, 503, `<p data-sha256="`+hash+`">`) {
		t.Error("a refusal counts as kept")
	}
}

// saves tells whether the writer takes an answer for good.
func saves(t *testing.T, w *writer, request []byte, hash string, status int, body string) bool {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		_, err := io.Copy(io.Discard, in.Body)
		noError(t, err)
		out.WriteHeader(status)
		fmt.Fprint(out, body)
	}))
	defer server.Close()
	defer w.close()
	w.addr = server.Listener.Addr().String()
	return w.save(request, hash) == nil
}

func TestEveryTextIsANewOneInWholeLetters(t *testing.T) {
	t.Parallel()
	w := newWriter("", "session", strings.Repeat("Flut é 東京 ", longest), 1, options{writers: 2, every: time.Second})
	hashes := map[string]bool{}
	for range 2 * (longest - shortest) / line {
		_, hash := w.next()
		hashes[hash] = true
		if !utf8.ValidString(cut(w.text, w.length)) {
			t.Fatalf("a text of %d bytes ends within a letter", w.length)
		}
	}
	if len(hashes) != 2*(longest-shortest)/line || w.length != longest {
		t.Errorf("%d texts, the last of %d bytes", len(hashes), w.length)
	}
}

func TestTheMiddleAndTheFarthest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values []float64
		want   spread
	}{
		{nil, spread{}},
		{[]float64{3}, spread{3, 3, 3}},
		{[]float64{9, 1, 2}, spread{2, 1, 9}},
		{[]float64{4, 1, 2, 8}, spread{3, 1, 8}},
	} {
		if got := spreadOf(c.values); got != c.want {
			t.Errorf("of %v: %v, want %v", c.values, got, c.want)
		}
	}
	all := together([]tally{{took: []time.Duration{4e6, 2e6}}, {took: []time.Duration{3e6, 1e6}, failed: 1, failure: io.EOF}})
	if all.quantile(0.5) != 3 || all.quantile(0.99) != 4 || all.quantile(1) != 4 || all.failed != 1 || all.failure != io.EOF {
		t.Errorf("together: %+v", all)
	}
}

func TestAProcessIsReadWhateverItIsCalled(t *testing.T) {
	t.Parallel()
	got, err := parseProcess("41 (a) b (c) S 7 1 1 0 -1 4194304 10 0 0 0 150 50 30 20 20 0 9 0")
	if want := (process{41, 7, "a) b (c", 2 * time.Second, time.Second / 2}); err != nil || got != want {
		t.Errorf("read %+v, %v, want %+v", got, err, want)
	}
	for _, broken := range []string{"", "41 (a) S 7", "x (a) S 7 1 1 0 -1 4194304 10 0 0 0 150 50 30 20"} {
		if got, err := parseProcess(broken); err == nil {
			t.Errorf("of %q it makes %+v", broken, got)
		}
	}
}

func TestOnlyWorkOfTheProcessorsCounts(t *testing.T) {
	t.Parallel()
	for stat, want := range map[string]time.Duration{
		"cpu  100 20 30 9000 500 7 3 40 0 0\ncpu0 50 10 15 4500 250 3 1 20 0 0\n": 2 * time.Second,
		"cpu 100":              0,
		"":                     0,
		"intr 1 2 3 4 5 6 7 8": 0,
	} {
		if got := parseBusy(stat); got != want {
			t.Errorf("of %q: %s, want %s", stat, got, want)
		}
	}
}

func TestSizesRiseByWholeTimesAndPartsAreKnown(t *testing.T) {
	t.Parallel()
	if sizes, err := parseSizes("1000, 100000,1000000"); err != nil || len(sizes) != 3 || sizes[2] != 1_000_000 {
		t.Errorf("%v %v", sizes, err)
	}
	for _, wrong := range []string{"", "0", "ten", "1000,1500", "1000,1000", "2000,1000"} {
		if sizes, err := parseSizes(wrong); err == nil {
			t.Errorf("%q is read as %v", wrong, sizes)
		}
	}
	if chosen, err := choose("mixed, memory"); err != nil || len(chosen) != 2 || chosen[0].name != "mixed" {
		t.Errorf("%v %v", chosen, err)
	}
	if _, err := choose("memory,nothing"); err == nil || !strings.Contains(err.Error(), "concurrency") {
		t.Errorf("it says %v", err)
	}
}

func TestAQueryOfTheBlogsIsMadeAScript(t *testing.T) {
	t.Parallel()
	query, err := queryNamed("posts.sql", "ListPublished")
	noError(t, err)
	if !strings.HasPrefix(query, "WITH pinned") || !strings.Contains(query, ":before_time::timestamptz") || strings.Contains(query, "@") || strings.Count(query, ";") != 1 {
		t.Errorf("it is %s", query)
	}
	script, err := savingScript(7)
	noError(t, err)
	if strings.Count(script, "(:client_id + 7)::text") < 6 || strings.Contains(script, ":post_id") || !strings.Contains(script, "\\gset saved_\n") {
		t.Errorf("it is %s", script)
	}
	if _, err := queryNamed("posts.sql", "Nothing"); err == nil {
		t.Error("a query that there is not is found")
	}
}

func TestWhatPgbenchCountedIsRead(t *testing.T) {
	t.Parallel()
	got, err := parsePgbench([]byte("number of transactions actually processed: 412\nnumber of failed transactions: 3 (0.7%)\ntps = 206.5 (without initial connection time)\n"))
	if want := (answers{perSecond: 206.5, count: 412, failed: 3}); err != nil || got != want {
		t.Errorf("%+v %v", got, err)
	}
	if got, err := parsePgbench([]byte("number of transactions actually processed: 0\nnumber of failed transactions: 0 (NaN%)\n")); err != nil || got != (answers{}) {
		t.Errorf("nothing done is %+v, %v", got, err)
	}
	if _, err := parsePgbench([]byte("tps = 3")); err == nil {
		t.Error("nothing is read as something")
	}
}

func TestMemoryIsReadInMebibytes(t *testing.T) {
	t.Parallel()
	if got := mebibytes("VmHWM:\t   4096 kB\nVmRSS:\t   2048 kB\n", "VmRSS:"); got != 2 {
		t.Errorf("%f", got)
	}
}

func TestADocumentIsRenewedBetweenItsCommentsOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "document.md")
	noError(t, os.WriteFile(path, []byte("before\n<!-- bench autosave -->\nold\n<!-- end -->\nafter\n"), 0o600))
	for range 2 {
		noError(t, renew(path, "autosave", "new\n"))
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "before\n<!-- bench autosave -->\n\nnew\n\n<!-- end -->\nafter\n" {
		t.Errorf("%v %q", err, text)
	}
	if err := renew(path, "search", "new\n"); err == nil {
		t.Error("a document without a place is renewed")
	}
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
