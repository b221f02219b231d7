// Package torture is the kill test: people write through HTTP while the blog and
// its PostgreSQL are killed at random instants and the connection between them is
// cut, stalled and slowed. Afterwards every text that was ever acknowledged must be
// there as a version, once, and every post whole.
//
// It drives the program as it is built and knows nothing of its insides but how to
// run a PostgreSQL and what its tables promise.
//
//	go test ./torture                                the short form, some seconds
//	go test -v ./torture -torture.for=3m             what `task torture` runs
//	go test -v ./torture -torture.seed=42            the choices of an earlier run
//
// A seed repeats what is chosen (texts, troubles and pauses between them), not the
// instants at which it meets the program.
package torture

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

var (
	length = flag.Duration("torture.for", 10*time.Second, "how long to kill and cut")
	seed   = flag.Uint64("torture.seed", 0, "repeat the choices of the run that printed this seed; 0 makes new ones")
)

func TestMain(m *testing.M) {
	flag.Parse()
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	code := m.Run()
	if buildDir != "" {
		os.RemoveAll(buildDir)
	}
	os.Exit(code)
}

// dice are the random choices of one of those who take part, named by a number.
func dice(who uint64) *rand.Rand { return rand.New(rand.NewPCG(*seed, who)) }

// between is a random time.
func between(dice *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(dice.Int64N(int64(most-least)+1))
}

var buildDir string

// build makes the program once for all tests.
var build = sync.OnceValues(func() (string, error) {
	var err error
	if buildDir, err = os.MkdirTemp("", "torture-build-"); err != nil {
		return "", err
	}
	path := filepath.Join(buildDir, "miniblog")
	if out, err := exec.Command("go", "build", "-o", path, "../cmd/miniblog").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return path, nil
})

// ownDir is a directory that is removed after the test. Under root PostgreSQL runs as
// another user, who must be able to pass through it.
func ownDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "torture-")
	noError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	noError(t, os.Chmod(dir, 0o711))
	return dir
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
