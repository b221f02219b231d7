package localpg

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestAnotherUserOfTheMachineIsRefused(t *testing.T) {
	t.Parallel()
	asRoot(t)
	dir, public := filepath.Join(openDir(t), "data"), openDir(t)
	noError(t, os.Chmod(public, 0o777))
	// The socket also stands in the open, so that the refusal is the server's and not the directory's.
	startIn(t, dir, func(o *Options) {
		o.Settings = map[string]string{"fsync": "off", "unix_socket_permissions": "0777",
			"unix_socket_directories": fmt.Sprintf("%q, %q", filepath.Join(dir, "postgres"), public)}
	})
	nobody := account{uid: 65534}
	config, err := pgx.ParseConfig(dsn(public, "miniblog"))
	noError(t, err)
	config.DialFunc = nobody.dial
	_, err = pgx.ConnectConfig(t.Context(), config)
	var refusal *pgconn.PgError
	if !errors.As(err, &refusal) || refusal.Code != "28000" {
		t.Errorf("nobody gets %v", err)
	}
	connect(t, dsn(public, "miniblog")) // while the blog itself is let in
}

// dial connects as the account: only this thread changes its user, for as long as it takes.
func (a account) dial(ctx context.Context, network, address string) (net.Conn, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := becomeOnThread(int(a.uid)); err != nil {
		return nil, err
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	return conn, errors.Join(err, becomeOnThread(0))
}

func becomeOnThread(uid int) error {
	keep := ^uintptr(0)
	if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, keep, uintptr(uid), keep); errno != 0 {
		return errno
	}
	return nil
}

func TestNoPortIsOpened(t *testing.T) {
	t.Parallel()
	s := startIn(t, seeded(t))
	pid := postmasterPID(t, s.cluster.dir)
	handles, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	noError(t, err)
	tables := ""
	for _, name := range []string{"tcp", "tcp6", "udp", "udp6"} {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, name)) // a machine may have no IPv6
		tables += string(text)
	}
	if len(handles) == 0 || tables == "" {
		t.Fatal("cannot look into the process")
	}
	for _, handle := range handles {
		target, _ := os.Readlink(handle)
		if inode, ok := strings.CutPrefix(target, "socket:["); ok && strings.Contains(tables, " "+strings.TrimSuffix(inode, "]")+" ") {
			t.Errorf("%s is a network socket", handle)
		}
	}
}
