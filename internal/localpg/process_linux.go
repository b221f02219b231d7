package localpg

import (
	"bytes"
	"fmt"
	"os"
)

// handlePath names the first file that a program inherits beyond its standard three; see cluster.command.
const handlePath = "/proc/self/fd/3"

// canUseHandle tells whether programs can be given their directory as an open handle.
func canUseHandle() bool {
	_, err := os.Stat("/proc/self/fd")
	return err == nil
}

// isPostmaster tells whether the process is a postgres that works in dir, as every postmaster does from start to end.
func isPostmaster(pid int, dir string) bool {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil || !bytes.Equal(bytes.TrimSpace(name), []byte("postgres")) {
		return false
	}
	works, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	ours, err := os.Stat(dir)
	return err == nil && os.SameFile(works, ours)
}
