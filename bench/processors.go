package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// usage is the processor time that everybody has taken so far; all is that of the whole
// machine.
type usage struct{ blog, postgres, load, all time.Duration }

// others is what had nothing to do with the measurement, and disturbed it.
func (u usage) others() time.Duration { return max(0, u.all-u.blog-u.postgres-u.load) }

func (u usage) since(before usage) usage {
	return usage{u.blog - before.blog, u.postgres - before.postgres, u.load - before.load, u.all - before.all}
}

// spent is the processor time that a process (0: none) and its children have taken so far, and that PostgreSQL has.
func spent(pid int) (own, postgres time.Duration) {
	processes := processes()
	for _, p := range processes {
		switch {
		case pid != 0 && p.pid == pid:
			own += p.used + p.usedBelow
		case pid != 0 && p.parent == pid:
			own += p.used
		case isPostmaster(p):
			postgres += p.used + p.usedBelow
		case isPostmaster(processes[p.parent]):
			postgres += p.used
		}
	}
	return own, postgres
}

// isPostmaster tells whether the process is the bench's own PostgreSQL.
func isPostmaster(p process) bool { return p.parent == os.Getpid() && p.name == "postgres" }

// process is what Linux tells of one, see proc_pid_stat(5).
type process struct {
	pid, parent int
	name        string
	used        time.Duration // by itself
	usedBelow   time.Duration // by children that have ended
}

// tick is the unit of times in /proc: the kernel's USER_HZ, 100 on every architecture Go knows.
const tick = 10 * time.Millisecond

// usage looks at the blog, its PostgreSQL and this program. On systems without /proc
// it knows this program alone.
func (s *site) usage() (u usage) {
	var self syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &self) == nil {
		u.load = time.Duration(self.Utime.Nano() + self.Stime.Nano())
	}
	text, _ := os.ReadFile("/proc/stat") // elsewhere there is none
	u.all = parseBusy(string(text))
	u.blog, u.postgres = spent(s.cmd.Process.Pid)
	return u
}

// parseBusy reads from the first line of /proc/stat how long the processors have worked:
// in user mode, nice, system, interrupts, soft interrupts, and for other machines on the
// same host, but not idle or waiting for a disk.
func parseBusy(stat string) time.Duration {
	var name string
	var user, nice, system, idle, waiting, interrupts, soft, stolen int64
	_, err := fmt.Sscan(stat, &name, &user, &nice, &system, &idle, &waiting, &interrupts, &soft, &stolen)
	if err != nil || name != "cpu" {
		return 0
	}
	return time.Duration(user+nice+system+interrupts+soft+stolen) * tick
}

func processes() map[int]process {
	found := map[int]process{}
	files, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		if p, err := parseProcess(string(text)); err == nil {
			found[p.pid] = p
		}
	}
	return found
}

func parseProcess(stat string) (p process, err error) {
	if _, err := fmt.Sscan(stat, &p.pid); err != nil {
		return p, err
	}
	opening, closing := strings.IndexByte(stat, '('), strings.LastIndexByte(stat, ')') // names may hold both
	fields := strings.Fields(stat[closing+1:])
	if opening < 0 || closing < opening || len(fields) < 15 {
		return p, fmt.Errorf("not a process: %q", stat)
	}
	p.name = stat[opening+1 : closing]
	var user, system, userBelow, systemBelow int64
	_, err = fmt.Sscan(strings.Join([]string{fields[1], fields[11], fields[12], fields[13], fields[14]}, " "),
		&p.parent, &user, &system, &userBelow, &systemBelow)
	p.used, p.usedBelow = time.Duration(user+system)*tick, time.Duration(userBelow+systemBelow)*tick
	return p, err
}
