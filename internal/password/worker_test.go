package password

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// apart is a gate of so many slots that hashes in processes of its own, which end with the test, and what it logs.
func apart(t testing.TB, slots int) (*Gate, *bytes.Buffer) {
	t.Helper()
	var said bytes.Buffer
	g, err := New(slots, time.Minute).Apart(slog.New(slog.NewTextHandler(&said, nil)))
	if err != nil {
		t.Fatal(err)
	}
	g.workers.settle = time.Hour // a test may look at one who is idle
	t.Cleanup(g.workers.end)
	return g, &said
}

// wantMatch asserts that the gate finds the password to match or not.
func (g *Gate) wantMatch(t *testing.T, encoded, pw string, want bool) {
	t.Helper()
	if ok, _, err := g.Verify(t.Context(), encoded, pw); ok != want || err != nil {
		t.Errorf("%q matches: %v, %v", pw, ok, err)
	}
}

// only returns the one worker that is idle.
func (g *Gate) only(t *testing.T) *worker {
	t.Helper()
	g.workers.mu.Lock()
	defer g.workers.mu.Unlock()
	if len(g.workers.idle) != 1 {
		t.Fatalf("%d workers are idle", len(g.workers.idle))
	}
	return g.workers.idle[0]
}

func TestAWorkerFindsWhatTheGateFinds(t *testing.T) {
	t.Parallel()
	g, said := apart(t, 1)
	const bytesOfNoScript = "correct horse\x00\xff"
	encoded, err := g.Hash(t.Context(), bytesOfNoScript)
	if err != nil {
		t.Fatal(err)
	}
	for _, by := range []*Gate{g, New(1, time.Minute)} {
		by.wantMatch(t, encoded, bytesOfNoScript, true)
		by.wantMatch(t, encoded, "correct horse\x00\xfe", false)
		by.wantMatch(t, encoded, "correct horse", false)
	}
	imported := vectors(t)[0]
	g.wantMatch(t, imported[1], imported[0], true)
	g.wantMatch(t, imported[1], imported[0]+"x", false)
	g.wantMatch(t, "", bytesOfNoScript, false)
	if _, _, err := g.Verify(t.Context(), "x", "x"); !errors.Is(err, ErrMalformed) {
		t.Errorf("a malformed hash: %v", err)
	}
	if said.Len() > 0 {
		t.Error(said)
	}
}

func TestThereAreNoMoreWorkersThanSlots(t *testing.T) {
	t.Parallel()
	g, _ := apart(t, 2)
	var crowd sync.WaitGroup
	for range 12 {
		crowd.Go(func() {
			if err := g.VerifyNobody(t.Context(), "pw"); err != nil {
				t.Error(err)
			}
		})
	}
	crowd.Wait()
	if n := len(g.workers.idle); n < 1 || n > 2 {
		t.Errorf("%d workers", n)
	}
}

func TestWorkersEndOnceNobodyHasLoggedInForAWhile(t *testing.T) {
	t.Parallel()
	g, said := apart(t, 1)
	g.workers.settle = settle
	g.wantMatch(t, decoy.String(), "pw", false)
	first := g.only(t)
	g.wantMatch(t, decoy.String(), "pw", false)
	if g.only(t) != first {
		t.Error("each hash has a worker of its own")
	}
	for begun := time.Now(); !errors.Is(first.command.Process.Signal(syscall.Signal(0)), os.ErrProcessDone); time.Sleep(10 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatal("a worker stays")
		}
	}
	g.wantMatch(t, decoy.String(), "pw", false)
	if said.Len() > 0 {
		t.Error(said)
	}
}

func TestSignalsThatAskABlogToStopEndNoWorker(t *testing.T) {
	t.Parallel()
	g, _ := apart(t, 1)
	g.wantMatch(t, decoy.String(), "pw", false)
	first := g.only(t)
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		if err := first.command.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		g.wantMatch(t, decoy.String(), "pw", false)
	}
	if g.only(t) != first {
		t.Error("the worker was replaced")
	}
}

func TestAWorkerThatWasEndedIsReplaced(t *testing.T) {
	t.Parallel()
	g, said := apart(t, 1)
	encoded, err := g.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if err := g.only(t).command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	g.wantMatch(t, encoded, "correct horse", true)
	if !strings.Contains(said.String(), "has ended") {
		t.Errorf("it is said: %q", said)
	}
}

func TestWhereNoWorkerCanBeStartedTheGateHashesItself(t *testing.T) {
	t.Parallel()
	missing, missed := apart(t, 1)
	missing.workers.path = "/nonexistent"
	brief, ended := apart(t, 1)
	brief.workers.args = []string{"-test.list=^$"} // of a program that reads no orders and is done
	for g, said := range map[*Gate]*bytes.Buffer{missing: missed, brief: ended} {
		encoded, err := g.Hash(t.Context(), "correct horse")
		if err != nil {
			t.Fatal(err)
		}
		g.wantMatch(t, encoded, "correct horse", true)
		if n := strings.Count(said.String(), "can be started"); n != 2 || len(g.workers.idle) != 0 {
			t.Errorf("%d workers are idle, and it is said: %s", len(g.workers.idle), said)
		}
	}
}

func TestAWorkerUsesItsMemoryAgain(t *testing.T) {
	t.Parallel()
	g, _ := apart(t, 1)
	g.wantMatch(t, decoy.String(), "pw", false)
	first := g.only(t).memory(t)
	for range 8 {
		g.wantMatch(t, decoy.String(), "pw", false)
	}
	if grown := g.only(t).memory(t) - first; grown > 4*memoryKiB {
		t.Errorf("eight more hashes of %d KiB took %d KiB", memoryKiB, grown)
	}
}

// memory is what the worker holds, in KiB; 0 where the system does not tell.
func (one *worker) memory(t *testing.T) (kib int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", one.command.Process.Pid))
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "\nRssAnon:")
	if _, err := fmt.Sscanf(after, "%d kB", &kib); err != nil {
		t.Fatalf("%v: %s", err, status)
	}
	return kib
}

func TestALargerHashLeavesNoMemoryBehind(t *testing.T) {
	t.Parallel()
	larger := hash{memory: memoryKiB + 1, passes: passes, lanes: lanes, salt: make([]byte, saltLength), tag: make([]byte, tagLength)}
	for encoded, want := range map[string]bool{"": false, decoy.String(): false, larger.String(): true, vectors(t)[0][1]: true, "x": false} {
		if got := (order{Encoded: encoded}).large(); got != want {
			t.Errorf("%q is large: %v", encoded, got)
		}
	}
	g, said := apart(t, 2)
	g.wantMatch(t, decoy.String(), "pw", false)
	first := g.only(t)
	g.wantMatch(t, larger.String(), "pw", false)
	if len(g.workers.idle) != 0 || first.command.ProcessState == nil || said.Len() > 0 {
		t.Errorf("%d workers are idle; the one before: %v; it is said: %q", len(g.workers.idle), first.command.ProcessState, said)
	}
}

func TestAWorkerKnowsNoSettings(t *testing.T) {
	t.Parallel()
	g, _ := apart(t, 1)
	g.wantMatch(t, decoy.String(), "pw", false)
	for _, setting := range g.only(t).command.Environ() {
		if !strings.HasPrefix(setting, "GO") {
			t.Errorf("it has %s", setting)
		}
	}
}

func TestAWorkerEndsWithItsOrders(t *testing.T) {
	t.Parallel()
	path, err := itself()
	if err != nil {
		t.Fatal(err)
	}
	for orders, fine := range map[string]bool{"": true, "{": false, "no order": false} {
		command := exec.Command(path, workerArgument)
		command.Stdin = strings.NewReader(orders)
		if said, err := command.CombinedOutput(); (err == nil) != fine {
			t.Errorf("after %q it ends with %v: %s", orders, err, said)
		}
	}
}

// Who gave up while waiting has no worker start.
func TestWhoHasGoneNeedsNoWorker(t *testing.T) {
	t.Parallel()
	g, _ := apart(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.VerifyNobody(ctx, "pw"); !errors.Is(err, context.Canceled) || len(g.workers.idle) != 0 {
		t.Errorf("%v, %d workers", err, len(g.workers.idle))
	}
}
