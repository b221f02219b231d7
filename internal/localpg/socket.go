package localpg

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	port       = "5432" // part of the socket's name only
	socketName = ".s.PGSQL." + port
)

// socketLimit is the longest path that fits in a socket's address: 107 bytes on Linux, 103 on macOS.
const socketLimit = len(syscall.RawSockaddrUnix{}.Path) - 1

// socketHome returns where the socket stands: in the cluster's own directory, which only the account may enter, or,
// when that path is too long for a socket, in a private directory with a short name that must be removed at the end.
func (c cluster) socketHome() (string, error) {
	if socketFits(c.dir) {
		return c.dir, nil
	}
	base := os.TempDir()
	if !socketFits(filepath.Join(base, "miniblog-4294967295")) {
		base = "/tmp"
	}
	dir, err := os.MkdirTemp(base, "miniblog-") // 0700, and a name nobody else can have taken before
	if err != nil {
		return "", fmt.Errorf("make a directory for the database's socket: %w", err)
	}
	if err := c.account.own(dir); err != nil {
		return "", fmt.Errorf("make a directory for the database's socket: %w", err)
	}
	return dir, nil
}

func socketFits(dir string) bool {
	// In a connection string a comma parts two hosts.
	return len(filepath.Join(dir, socketName)) <= socketLimit && !strings.Contains(dir, ",")
}

// openSocketHome chooses the socket's directory and tells it to those who ask the lock file. It removes the one that a
// killed blog left.
func (s *Server) openSocketHome(before note) error {
	dir, err := s.cluster.socketHome()
	if err != nil {
		return err
	}
	s.socketDir = dir
	if before.socketDir != "" {
		removeSocketHome(before.socketDir)
	}
	n := s.lock.note
	n.socketDir = dir
	return s.lock.write(n)
}

func (s *Server) closeSocketHome() { removeSocketHome(s.socketDir) }

// removeSocketHome removes nothing but a socket and a directory that is empty without it: the name may come from a file
// that others could write.
func removeSocketHome(dir string) {
	for _, name := range []string{socketName, socketName + ".lock"} {
		_ = os.Remove(filepath.Join(dir, name)) // mostly gone already
	}
	_ = os.Remove(dir) // refused for the cluster's own directory
}

func dsn(socketDir, database string) string {
	query := url.Values{"host": {socketDir}, "port": {port}}.Encode()
	query = strings.ReplaceAll(query, "+", "%20") // PostgreSQL's URLs know no other way to write a space
	return (&url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + database, RawQuery: query}).String()
}
