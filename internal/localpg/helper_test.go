package localpg

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// quick settings: no test outlives a power cut, and many servers run at once.
var quick = map[string]string{"fsync": "off", "shared_buffers": "16MB"}

const holdVariable = "LOCALPG_TEST_HOLD"

// TestMain lets the test program stand in for a blog that runs a database and can be killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(holdVariable); dir != "" {
		hold(dir)
	}
	code := m.Run()
	if seedDir != "" {
		os.RemoveAll(seedDir)
	}
	os.Exit(code)
}

var seedDir string

// seed makes one database that tests copy: initdb would be most of their time.
var seed = sync.OnceValues(func() (string, error) {
	var err error
	if seedDir, err = os.MkdirTemp("", "localpg-test-"); err != nil {
		return "", err
	}
	s, err := Start(context.Background(), Options{DataDir: seedDir, Settings: quick})
	if err != nil {
		return "", err
	}
	return s.cluster.dir, s.Stop(context.Background())
})

// seeded returns a data directory in which a blog has run before.
func seeded(t *testing.T) string {
	t.Helper()
	cluster, err := seed()
	noError(t, err)
	dir := t.TempDir()
	out, err := exec.Command("cp", "-pR", cluster, filepath.Join(dir, "postgres")).CombinedOutput()
	if err != nil {
		t.Fatalf("cp: %v: %s", err, out)
	}
	return dir
}

func hold(dir string) {
	if _, err := Start(context.Background(), Options{DataDir: dir, Holder: "the helper", Settings: quick}); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin) // until the test ends, if nobody kills us
	os.Exit(0)
}

// blogProcess starts a process that runs the database in dir.
func blogProcess(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdVariable+"="+dir)
	out, err := cmd.StdoutPipe()
	noError(t, err)
	_, err = cmd.StdinPipe()
	noError(t, err)
	noError(t, cmd.Start())
	line, _ := bufio.NewReader(out).ReadString('\n')
	if line != "ready\n" {
		t.Fatalf("the helper says %q", line)
	}
	return cmd
}

// kill ends the process as kill -9 does, and waits until it is gone.
func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	noError(t, cmd.Process.Kill())
	_ = cmd.Wait() // it says "killed"
}

// startIn runs a database in dir until the test ends.
func startIn(t *testing.T, dir string, change ...func(*Options)) *Server {
	t.Helper()
	o := Options{DataDir: dir, Settings: quick, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, each := range change {
		each(&o)
	}
	s, err := Start(t.Context(), o)
	noError(t, err)
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Stop(context.Background()); err != nil {
		t.Errorf("stop: %v", err)
	}
	if pids := processes(s.cluster.dir); len(pids) > 0 {
		t.Errorf("postgres still runs after Stop: %v", pids)
	}
}

// openDir returns an empty directory that every user can reach, unlike t.TempDir.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "localpg-test-")
	noError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	noError(t, os.Chmod(dir, 0o755))
	return dir
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	noError(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// writeRow commits a row and returns when the server has acknowledged it.
func writeRow(t *testing.T, dsn, text string) {
	t.Helper()
	_, err := connect(t, dsn).Exec(t.Context(), "CREATE TABLE IF NOT EXISTS note (text text)")
	noError(t, err)
	_, err = connect(t, dsn).Exec(t.Context(), "INSERT INTO note (text) VALUES ($1)", text)
	noError(t, err)
}

func wantRows(t *testing.T, dsn string, want ...string) {
	t.Helper()
	rows, err := connect(t, dsn).Query(t.Context(), "SELECT text FROM note ORDER BY text")
	noError(t, err)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	noError(t, err)
	if !slices.Equal(got, want) {
		t.Errorf("rows are %q, want %q", got, want)
	}
}

func ask(t *testing.T, dsn, sql string) string {
	t.Helper()
	var answer string
	noError(t, connect(t, dsn).QueryRow(t.Context(), sql).Scan(&answer))
	return answer
}

// postmasterPID returns the process that runs the cluster, once it is ready.
func postmasterPID(t *testing.T, clusterDir string) int {
	t.Helper()
	var file pidFile
	within(t, 20*time.Second, "postgres is ready", func() bool {
		var err error
		file, err = readPidFile(clusterDir)
		return err == nil && file.status == "ready" && isPostmaster(file.pid, clusterDir)
	})
	return file.pid
}

// processes asks the operating system which ones run the cluster.
func processes(clusterDir string) []int {
	out, _ := exec.Command("ps", "-A", "-o", "pid=").Output()
	var found []int
	for _, field := range strings.Fields(string(out)) {
		var pid int
		if fmt.Sscan(field, &pid); isPostmaster(pid, clusterDir) {
			found = append(found, pid)
		}
	}
	return found
}

// unrelated starts a process of the user that postgres runs as, which has nothing to do with postgres.
func unrelated(t *testing.T, a account) *os.Process {
	t.Helper()
	cmd := a.command(context.Background(), "/bin/sleep", "600")
	noError(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return cmd.Process
}

func within(t *testing.T, limit time.Duration, what string, true func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(pollEvery) {
		if true() {
			return
		}
	}
	t.Fatalf("not within %s: %s", limit, what)
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func isAlive(p *os.Process) bool { return p.Signal(syscall.Signal(0)) == nil }

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := filepath.Glob(filepath.Join(dir, "*"))
	noError(t, err)
	for i := range entries {
		entries[i] = filepath.Base(entries[i])
	}
	return entries
}
