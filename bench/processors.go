package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// usage is the processor time that everybody has taken so far.
type usage struct{ blog, postgres, load time.Duration }

func (u usage) since(before usage) usage {
	return usage{u.blog - before.blog, u.postgres - before.postgres, u.load - before.load}
}

// process is what Linux tells of one, see proc_pid_stat(5).
type process struct {
	pid, parent int
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
	processes, blog := processes(), s.blog.Process.Pid
	for _, p := range processes {
		switch {
		case p.pid == blog:
			u.blog += p.used
		case p.parent == blog:
			u.postgres += p.used + p.usedBelow
		case processes[p.parent].parent == blog:
			u.postgres += p.used
		}
	}
	return u
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
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:]) // names may hold blanks
	if len(fields) < 15 {
		return p, fmt.Errorf("not a process: %q", stat)
	}
	var user, system, userBelow, systemBelow int64
	_, err = fmt.Sscan(strings.Join([]string{fields[1], fields[11], fields[12], fields[13], fields[14]}, " "),
		&p.parent, &user, &system, &userBelow, &systemBelow)
	p.used, p.usedBelow = time.Duration(user+system)*tick, time.Duration(userBelow+systemBelow)*tick
	return p, err
}
