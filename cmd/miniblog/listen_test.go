package main

import (
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"miniblog/internal/config"
)

func TestOfManyStartersOnOneAbandonedSocketOneListens(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "blog.sock")
	addr := config.Addr{Network: "unix", Address: path}
	for range 200 {
		abandon(t, path)
		winners := race(addr, 8)
		if len(winners) != 1 {
			t.Errorf("%d listen", len(winners))
		}
		if conn, err := net.Dial("unix", path); err != nil {
			t.Errorf("nobody answers: %v", err)
		} else {
			conn.Close()
		}
		for _, each := range winners {
			each.Close()
		}
		if t.Failed() {
			return
		}
	}
	if left, err := filepath.Glob(path + "*"); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// abandon leaves a socket as a killed blog does.
func abandon(t *testing.T, path string) {
	t.Helper()
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	listener.SetUnlinkOnClose(false)
	listener.Close()
	if _, err := os.Lstat(path); err != nil {
		t.Fatal(err)
	}
}

// race returns the listeners of those who came through.
func race(addr config.Addr, starters int) (winners []net.Listener) {
	var all sync.WaitGroup
	var mu sync.Mutex
	gun := make(chan struct{})
	for range starters {
		all.Go(func() {
			<-gun
			if listener, err := listen(addr, "--addr"); err == nil {
				mu.Lock()
				defer mu.Unlock()
				winners = append(winners, listener)
			}
		})
	}
	close(gun)
	all.Wait()
	return winners
}
