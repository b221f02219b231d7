package torture

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"miniblog/internal/localpg"
)

// openLimit bounds a start of PostgreSQL or of the blog, on a busy machine too.
const openLimit = 90 * time.Second

// database is a PostgreSQL of the test's own.
type database struct {
	t        *testing.T
	dir      string
	settings map[string]string
	server   *localpg.Server
	killed   int // the last postmaster that was
}

// openDatabase starts a PostgreSQL with these settings over the blog's usual ones.
func openDatabase(t *testing.T, settings map[string]string) *database {
	t.Helper()
	d := &database{t: t, dir: filepath.Join(ownDir(t), "data"), settings: settings}
	d.open()
	t.Cleanup(d.stop)
	return d
}

func (d *database) open() {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), openLimit)
	defer cancel()
	server, err := localpg.Start(ctx, localpg.Options{DataDir: d.dir, Settings: d.settings})
	noError(d.t, err)
	d.server = server
}

func (d *database) stop() { _ = d.server.Stop(context.Background()) }

// address is where it listens, in net.Dial's words.
func (d *database) address() (network, address string) {
	config, err := pgconn.ParseConfig(d.server.DSN("miniblog"))
	noError(d.t, err)
	return pgconn.NetworkAddress(config.Host, config.Port)
}

// connect goes past the proxy.
func (d *database) connect() *pgx.Conn {
	d.t.Helper()
	conn, err := pgx.Connect(d.t.Context(), d.server.DSN("miniblog"))
	noError(d.t, err)
	d.t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// kill ends every process of the server at once, so that what it held in memory is
// gone, and leaves it dead. Its keeper, who would start it again, is sent home.
func (d *database) kill() {
	d.t.Helper()
	postmaster := d.postmaster()
	if postmaster == 0 {
		d.t.Fatal("PostgreSQL ended by itself")
	}
	noError(d.t, killFamily(postmaster))
	d.killed = postmaster
	d.stop()
}

// killOpening starts the server and kills it again so soon that it may still be busy
// with what the last kill left.
func (d *database) killOpening(after time.Duration) {
	d.t.Helper()
	opened := make(chan *localpg.Server)
	go func() {
		server, _ := localpg.Start(context.Background(), localpg.Options{DataDir: d.dir, Settings: d.settings}) // it fails when it is killed in time
		opened <- server
	}()
	time.Sleep(after)
	if postmaster := d.postmaster(); postmaster != 0 {
		_ = killFamily(postmaster) // it may just have ended over what is left of the last one
		d.killed = postmaster
	}
	if server := <-opened; server != nil {
		d.server = server
		d.stop()
	}
}

// postmaster returns the server's first process, 0 while none was started since the last kill.
func (d *database) postmaster() int {
	text, _ := os.ReadFile(filepath.Join(d.dir, "postgres", "postmaster.pid")) // not there yet
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil || pid <= 0 || pid == d.killed || pid == os.Getpid() {
		return 0
	}
	return pid
}

// killFamily kills a process and its children. The parent is stopped first, so that it
// can neither tell the others to save anything nor start new ones.
func killFamily(parent int) error {
	if err := syscall.Kill(parent, syscall.SIGSTOP); err != nil {
		return fmt.Errorf("stop process %d: %w", parent, err)
	}
	children, err := childrenOf(parent)
	for _, child := range children {
		_ = syscall.Kill(child, syscall.SIGKILL) // it may have ended by itself
	}
	if err := syscall.Kill(parent, syscall.SIGKILL); err != nil {
		return fmt.Errorf("kill process %d: %w", parent, err)
	}
	return err
}

// childrenOf reads /proc where there is one; small Linux systems have no pgrep.
func childrenOf(parent int) (children []int, err error) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // its only error is a malformed pattern
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(text), ") ") // the name in brackets may hold blanks
		fields := strings.Fields(rest)
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			child, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			children = append(children, child)
		}
	}
	if len(stats) > 0 {
		return children, nil
	}
	out, err := exec.Command("pgrep", "-P", strconv.Itoa(parent)).Output()
	for _, word := range strings.Fields(string(out)) {
		child, _ := strconv.Atoi(word)
		children = append(children, child)
	}
	return children, err
}
