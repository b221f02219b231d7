// Package e2e holds the journeys: what people do with the blog in a real
// Chromium, each done twice, with JavaScript and without, and ending in the same
// rows. It also walks every page and state with axe-core, with the W3C's checker
// and at the width of a small phone.
//
// The tests need Chromium, PostgreSQL, and for the checker Java and npm. What is
// missing makes them fail, with the command that installs it.
//
//	MINIBLOG_SCREENSHOTS=DIR go test ./e2e -run Accessible    saves every page and state as a picture
//	go test ./e2e -run Picture -update                        makes the README's picture
package e2e

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "make the README's picture again")

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	stopBrowser()
	os.Exit(code)
}
