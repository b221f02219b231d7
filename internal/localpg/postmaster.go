package localpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	pollEvery    = 20 * time.Millisecond
	silentFor    = 60 * time.Second // a start that does not even write its pid file has gone wrong
	lingerFor    = 15 * time.Second // how long the backends of a killed postmaster may take to notice
	fastShutdown = 15 * time.Second // SIGINT: ends sessions, writes a checkpoint
	hardShutdown = 5 * time.Second  // SIGQUIT: the next start recovers
)

// errInUse says that processes of an earlier postmaster still use the cluster's shared memory.
var errInUse = errors.New("processes of the last database server still run")

// settings are small on purpose: a blog's database fits in the operating system's page cache.
var settings = map[string]string{
	"listen_addresses":        "", // no TCP port: only the socket
	"port":                    port,
	"unix_socket_permissions": "0700",
	"cluster_name":            role,
	"max_connections":         "60",
	"shared_buffers":          "64MB",
	"min_wal_size":            "32MB",
	"max_wal_size":            "256MB",
	"random_page_cost":        "1.1",
	"jit":                     "off",
	"fsync":                   "on",
	"synchronous_commit":      "on",
	"full_page_writes":        "on",
	"timezone":                "UTC",
	"log_timezone":            "UTC",
	"lc_messages":             "C",
	"logging_collector":       "off",
	"log_destination":         "stderr",
	"log_line_prefix":         "%e ", // the SQLSTATE, which relay reads
	"log_checkpoints":         "off",
}

// postmaster is one run of the postgres program.
type postmaster struct {
	process *os.Process
	exited  chan struct{} // closed when it is gone
	log     *relay
	since   time.Time
}

// launch starts postgres and returns at once.
func (c cluster) launch(log *slog.Logger, socketDir string, extra map[string]string) (*postmaster, error) {
	cmd, started, err := c.command(context.Background(), c.programs.Postgres, c.dir, c.arguments(socketDir, extra)...)
	if err != nil {
		return nil, err
	}
	defer started()
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer write.Close()
	// A file, not an io.Writer: Wait must not wait for backends that outlive the postmaster.
	cmd.Stdout, cmd.Stderr = write, write
	if err := cmd.Start(); err != nil {
		read.Close()
		return nil, fmt.Errorf("run %s: %w", c.programs.Postgres, err)
	}
	p := &postmaster{process: cmd.Process, exited: make(chan struct{}), log: newRelay(log), since: time.Now()}
	go p.log.copy(read)
	go p.wait(cmd)
	return p, nil
}

func (c cluster) arguments(socketDir string, extra map[string]string) []string {
	if c.byHandle && socketDir == c.dir {
		socketDir = handlePath
	}
	all := map[string]string{"unix_socket_directories": `"` + strings.ReplaceAll(socketDir, `"`, `""`) + `"`}
	for _, each := range []map[string]string{settings, extra} {
		for name, value := range each {
			all[name] = value
		}
	}
	var args []string
	for name, value := range all {
		args = append(args, name+"="+value)
	}
	slices.Sort(args)
	for i := range args {
		args[i] = "--" + args[i]
	}
	return args
}

func (p *postmaster) wait(cmd *exec.Cmd) {
	_ = cmd.Wait() // how it ended is in its log
	close(p.exited)
}

// ready waits until the postmaster accepts connections. A recovery after a crash may take as long as it needs.
func (p *postmaster) ready(ctx context.Context, dir string) error {
	silence := time.NewTimer(silentFor)
	defer silence.Stop()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		file, err := readPidFile(dir)
		known := err == nil && file.pid == p.process.Pid
		if known && file.status == "ready" {
			return nil
		}
		if known {
			silence.Reset(silentFor)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the database: %w", ctx.Err())
		case <-p.exited:
			return p.failure()
		case <-silence.C:
			return fmt.Errorf("the database did not start within %s: %s", silentFor, p.log.last())
		case <-tick.C:
		}
	}
}

// failure tells why the postmaster ended before it was ready.
func (p *postmaster) failure() error {
	p.log.drain()
	if p.log.sawLockHeld() {
		return fmt.Errorf("%w: %s", errInUse, p.log.last())
	}
	return fmt.Errorf("the database does not start: %s", p.log.last())
}

// stop ends the postmaster and returns when it is gone: with a checkpoint, unless that takes too long or hurry is
// closed. What was committed is kept either way.
func (p *postmaster) stop(hurry <-chan struct{}) {
	if p.end(syscall.SIGINT, fastShutdown, hurry) || p.end(syscall.SIGQUIT, hardShutdown, nil) {
		return
	}
	_ = p.process.Kill() // it fails only when the process is gone
	<-p.exited
}

// end sends a signal and tells whether it was enough.
func (p *postmaster) end(signal os.Signal, patience time.Duration, hurry <-chan struct{}) bool {
	_ = p.process.Signal(signal) // it fails only when the process is gone
	select {
	case <-p.exited:
		return true
	case <-hurry:
	case <-time.After(patience):
	}
	return false
}
