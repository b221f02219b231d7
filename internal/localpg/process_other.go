//go:build !linux

package localpg

import (
	"os/exec"
	"strconv"
	"strings"
)

// handlePath is never used where canUseHandle says no.
const handlePath = ""

// canUseHandle tells whether programs can be given their directory as an open handle.
func canUseHandle() bool { return false }

// isPostmaster tells whether the process is a postgres that launch started for dir. Its children show other titles.
func isPostmaster(pid int, dir string) bool {
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), "postgres -D "+dir+" --")
}
