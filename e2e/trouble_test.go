package e2e

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// trouble is what Chromium complained of in one tab: errors and warnings of the
// console, uncaught exceptions, warnings of a page that is left, what the content policy blocked, refused requests.
type trouble struct {
	mu       sync.Mutex
	found    []string
	expected []string // statuses ("422"), network errors and words that the test is about
	met      []string // of those
	perhaps  []string // what may come, and need not
}

// refusal is how Chromium reports an answer of 400 or more, and a request without answer.
var refusal = regexp.MustCompile(`^Failed to load resource: (?:the server responded with a status of (\d+)|(net::\w+))`)

// refusalName is what refusal finds: an object's number, an address or a port of the console may well contain "422".
var refusalName = regexp.MustCompile(`^(\d{3}|net::\w+)$`)

// leavesUnsaved is the warning of a page that is left with a text that is not kept.
const leavesUnsaved = "dialog: beforeunload"

// expects allows refusals with that status or network error; not to meet one is a failure, too.
func (tr *trouble) expects(refusals ...string) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.expected = append(tr.expected, refusals...)
}

// tolerates allows what comes now and then.
func (tr *trouble) tolerates(words string) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.perhaps = append(tr.perhaps, words)
}

// hear takes an event of the tab. It runs on the goroutine that reads them and must not wait.
func (tr *trouble) hear(event any) {
	switch event := event.(type) {
	case *runtime.EventExceptionThrown:
		tr.hearException(event.ExceptionDetails)
	case *runtime.EventConsoleAPICalled:
		if slices.Contains([]runtime.ConsoleAPICalledType{"error", "warning", "assert"}, event.Type) {
			tr.hearConsole("console." + string(event.Type) + ": " + text(event.Args))
		}
	case *log.EventEntryAdded:
		if event.Entry.Level == log.EntryLevelError || event.Entry.Level == log.EntryLevelWarning {
			tr.hearLog(event.Entry)
		}
	case *page.EventJavascriptDialogOpening:
		tr.hearConsole("dialog: " + string(event.Type))
	case *audits.EventIssueAdded:
		tr.hearConsole("issue " + string(event.Issue.Code) + ": " + text(event.Issue.Details))
	case *inspector.EventTargetCrashed:
		tr.add("the tab crashed")
	}
}

// lazyImage is what Chromium now and then notes of an image that is loaded when it is near and
// that the stylesheet makes no taller than it is, though the image says how large it is.
const lazyImage = "LazyLoadImageIssue"

// cutShort is Chromium's own word, with scripts switched off too, for a fade between two
// pages (CSS @view-transition) that a second click ended early. No code of ours runs in it.
var cutShort = regexp.MustCompile(`^(AbortError|InvalidStateError): Transition was (skipped|aborted)`)

func (tr *trouble) hearException(details *runtime.ExceptionDetails) {
	if details.Exception != nil && cutShort.MatchString(details.Exception.Description) {
		return
	}
	tr.add("uncaught: " + text(details))
}

func (tr *trouble) hearLog(entry *log.Entry) {
	match := refusal.FindStringSubmatch(entry.Text)
	if match == nil {
		tr.add(string(entry.Source) + " " + string(entry.Level) + ": " + entry.Text + " " + entry.URL)
		return
	}
	if name := match[1] + match[2]; !tr.meets(func(expected string) bool { return expected == name }) {
		tr.add(entry.Text + " " + entry.URL)
	}
}

// hearConsole takes what a script wrote, as htmx does of a request without answer, or what Chromium wrote of a page.
func (tr *trouble) hearConsole(words string) {
	if !tr.meets(func(expected string) bool {
		return !refusalName.MatchString(expected) && strings.Contains(words, expected)
	}) {
		tr.add(words)
	}
}

// meets tells whether the test expects that, and notes that it came.
func (tr *trouble) meets(is func(expected string) bool) bool {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	for _, expected := range append(tr.unmet(), tr.met...) { // what has not come yet before what comes again
		if is(expected) {
			tr.met = append(tr.met, expected)
			return true
		}
	}
	return slices.ContainsFunc(tr.perhaps, is)
}

func (tr *trouble) add(words string) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.found = append(tr.found, words)
}

// report fails the test with all that was found.
func (tr *trouble) report(t *testing.T) {
	t.Helper()
	tr.mu.Lock()
	defer tr.mu.Unlock()
	for _, words := range tr.found {
		t.Errorf("Chromium complained: %s", words)
	}
	if t.Failed() { // and perhaps did not come so far
		return
	}
	for _, name := range tr.unmet() {
		t.Errorf("Chromium did not report what is expected: %s", name)
	}
}

// forgets all that it heard and was told, for the next test of the tab.
func (tr *trouble) forgets() {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.found, tr.expected, tr.met, tr.perhaps = nil, nil, nil, nil
}

// unmet is what the test expects and did not meet.
func (tr *trouble) unmet() []string {
	return slices.DeleteFunc(slices.Clone(tr.expected), func(name string) bool { return slices.Contains(tr.met, name) })
}

// A test that expects both a refusal and words once met the one instead of the other when the port was 42291.
func TestARefusalIsNotMetByANumberInTheConsole(t *testing.T) {
	t.Parallel()
	tr := trouble{}
	tr.expects("422", "Failed to fetch")
	tr.hearConsole("Failed to fetch (http://127.0.0.1:42291/assets/htmx.js)")
	if got := tr.unmet(); !slices.Equal(got, []string{"422"}) || len(tr.found) > 0 {
		t.Errorf("expected still is %q, and unexpected was %q", got, tr.found)
	}
	tr.hearLog(&log.Entry{Text: "Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"})
	if got := tr.unmet(); len(got) > 0 {
		t.Errorf("expected still is %q", got)
	}
	tr.hearConsole("the answer has 422 words")
	if len(tr.found) != 1 {
		t.Error("a number in the console counts as the refusal that is expected")
	}
}

func text(value any) string {
	words, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(words)
}
