package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the operating system's user that the PostgreSQL programs run as.
type account struct {
	name    string
	uid     uint32
	gid     uint32
	dropped bool // the blog runs as root, which initdb and postgres refuse
}

// runAs picks the account: our own, unless we are root. Then it is whoever already owns the cluster, so that one start
// with sudo does not take the database away from its user; else postgres, else nobody.
func runAs(clusterDir string) (account, error) {
	if os.Geteuid() != 0 {
		return currentUser()
	}
	if uid, err := ownerOf(clusterDir); err == nil && uid != 0 {
		owner, err := user.LookupId(strconv.FormatUint(uint64(uid), 10))
		if err != nil {
			return account{}, fmt.Errorf("the database in %s belongs to user id %d, who has no name on this machine: %w", clusterDir, uid, err)
		}
		return accountOf(owner, true)
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return accountOf(u, true)
		}
	}
	return account{}, errors.New("PostgreSQL refuses to run as root, and this machine has neither a user postgres nor nobody; " +
		"create one (useradd --system postgres) or run miniblog as an ordinary user")
}

func currentUser() (account, error) {
	self, err := user.LookupId(strconv.Itoa(os.Geteuid()))
	if err != nil {
		return account{}, fmt.Errorf("PostgreSQL needs a user with a name, and user id %d has none on this machine: %w", os.Geteuid(), err)
	}
	return accountOf(self, false)
}

func ownerOf(path string) (uint32, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Sys().(*syscall.Stat_t).Uid, nil
}

func accountOf(u *user.User, dropped bool) (account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("user %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("user %s: %w", u.Username, err)
	}
	return account{name: u.Username, uid: uint32(uid), gid: uint32(gid), dropped: dropped}, nil
}

// command prepares a program that runs as the account, in its own process group, so that Ctrl-C in a terminal reaches
// the blog alone, which drains before it stops its database.
func (a account) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = "/" // the blog's own directory may be closed to the account
	cmd.Env = environment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if a.dropped {
		// An empty list of groups drops root's supplementary groups too.
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return cmd
}

// environment passes on what programs need to run at all. The rest stays here: PG* variables would steer postgres,
// and the blog's own settings hold secrets.
func environment() []string {
	env := []string{"LC_ALL=C"}
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// reaches tells whether the account can enter dir. The kernel is asked, since mode bits are not the whole truth.
func (a account) reaches(dir string) (bool, error) {
	if !a.dropped {
		return true, nil
	}
	cmd := a.command(context.Background(), "/bin/sh", "-c", ":")
	cmd.Dir = dir
	err := cmd.Run()
	if errors.Is(err, fs.ErrPermission) {
		return false, nil
	}
	return err == nil, err
}

// own hands a file or directory, with everything in it, to the account. Links are not followed. The top comes last: as
// long as it is somebody else's, the next start sees that the work is unfinished.
func (a account) own(path string) error {
	if !a.dropped {
		return nil
	}
	err := filepath.WalkDir(path, func(each string, _ fs.DirEntry, err error) error {
		if err != nil || each == path {
			return err
		}
		return os.Lchown(each, int(a.uid), int(a.gid))
	})
	if err != nil {
		return err
	}
	return os.Lchown(path, int(a.uid), int(a.gid))
}
