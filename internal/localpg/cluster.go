package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// role is the database's one user, its superuser, and the name of the database made at the first start.
const role = "miniblog"

// unfinished begins the names of directories in which initdb works.
const unfinished = "unfinished-"

// cluster is the database's files and who may touch them.
type cluster struct {
	dataDir  string // the blog's directory, with the lock file
	dir      string // PostgreSQL's directory inside it
	account  account
	programs Programs
	byHandle bool // the account cannot reach dir by its path, see command
}

// existingMajor returns the major version that made the cluster in dir, or 0 when there is none yet.
func existingMajor(dir string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the database's version: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read the database's version in %s: %w", dir, err)
	}
	return major, nil
}

// command prepares one of the PostgreSQL programs for dir, and returns what must be called once it has started.
//
// Root's directories often lie behind ones that the account may not pass (/root, mktemp -d). Their rights are not ours
// to change, so the program is handed an open directory instead, and its path is that handle's. PostgreSQL works
// relative to its data directory, and its children inherit the handle.
func (c cluster) command(ctx context.Context, program, dir string, args ...string) (*exec.Cmd, func(), error) {
	if !c.byHandle {
		return c.account.command(ctx, program, append([]string{"-D", dir}, args...)...), func() {}, nil
	}
	handle, err := os.Open(dir)
	if err != nil {
		return nil, nil, err
	}
	cmd := c.account.command(ctx, program, append([]string{"-D", handlePath}, args...)...)
	cmd.ExtraFiles = []*os.File{handle}
	return cmd, func() { handle.Close() }, nil
}

// create makes the cluster if there is none. It appears under its name complete or not at all: initdb works in a
// directory beside it, which a kill leaves behind and the next start removes.
func (c cluster) create(ctx context.Context, durable bool) error {
	if err := c.sweep(); err != nil {
		return err
	}
	if _, err := os.Lstat(c.dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	draft, err := os.MkdirTemp(c.dataDir, unfinished)
	if err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	defer os.RemoveAll(draft) // gone under its new name when all went well
	if err := c.account.own(draft); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	if err := c.initdb(ctx, draft, durable); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	if err := os.Rename(draft, c.dir); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	if !durable {
		return nil
	}
	return syncDir(c.dataDir)
}

// sweep removes what interrupted creations left. Names are never used twice, so an initdb that outlived its blog
// cannot write into a later one.
func (c cluster) sweep() error {
	entries, err := os.ReadDir(c.dataDir)
	if err != nil {
		return fmt.Errorf("look for an unfinished database: %w", err)
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), unfinished) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(c.dataDir, entry.Name())); err != nil {
			return fmt.Errorf("remove an unfinished database: %w", err)
		}
	}
	return nil
}

// initdb runs initdb with the first character classification the machine knows. Sorting is by code point everywhere,
// so that an upgrade of the operating system never corrupts an index; letters beyond ASCII still need a UTF-8 locale
// to have an upper and a lower case, and those have different names on Linux and macOS.
func (c cluster) initdb(ctx context.Context, dir string, durable bool) error {
	for _, ctype := range []string{"C.UTF-8", "en_US.UTF-8", "C"} {
		args := []string{"--username=" + role, "--auth-local=peer", "--auth-host=reject", "--encoding=UTF8",
			"--locale=C", "--lc-ctype=" + ctype, "--data-checksums", "--no-instructions"}
		if !durable {
			args = append(args, "--no-sync")
		}
		out, err := c.runInitDB(ctx, dir, args)
		if err == nil || ctx.Err() != nil {
			return err
		}
		if !strings.Contains(out, "invalid locale name") {
			return fmt.Errorf("initdb: %w: %s", err, lastLines(out))
		}
	}
	return errors.New("initdb knows no locale, not even C")
}

func (c cluster) runInitDB(ctx context.Context, dir string, args []string) (string, error) {
	cmd, started, err := c.command(ctx, c.programs.InitDB, dir, args...)
	if err != nil {
		return "", err
	}
	defer started()
	// Asked to stop, initdb ends its step first; a killed one would leave the step's shared memory to the machine.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = hardShutdown
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return string(out), err
}

func lastLines(out string) string {
	lines := strings.FieldsFunc(out, func(r rune) bool { return r == '\n' })
	return strings.Join(lines[max(0, len(lines)-4):], "; ")
}

// admit rewrites who may connect: the kernel tells postgres which user is at the other end of the socket, and only
// the blog's user and the one postgres runs as are the role. Nobody else on the machine is, and no password exists.
func (c cluster) admit(self account) error {
	names := []string{self.name, c.account.name}
	slices.Sort(names)
	var ident strings.Builder
	for _, name := range slices.Compact(names) {
		fmt.Fprintf(&ident, "%s \"%s\" %s\n", role, name, role)
	}
	if err := c.replace("pg_ident.conf", ident.String()); err != nil {
		return err
	}
	return c.replace("pg_hba.conf", fmt.Sprintf("local all %s peer map=%s\n", role, role))
}

// replace writes a file of the cluster so that postgres sees the old text or the new, never a part.
func (c cluster) replace(name, text string) error {
	path := filepath.Join(c.dir, name)
	if err := c.write(path+".new", text); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// write makes a file that was not there. The directory belongs to the account: root must not follow a link in it.
func (c cluster) write(path, text string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.WriteString(text); err != nil {
		return err
	}
	if c.account.dropped {
		return file.Chown(int(c.account.uid), int(c.account.gid))
	}
	return nil
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
