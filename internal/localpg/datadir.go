package localpg

import (
	"fmt"
	"os"
	"path/filepath"
)

// DefaultDataDir returns where the private database lives when nothing else is set: $XDG_DATA_HOME/miniblog, else
// ~/.local/share/miniblog, and for root, whose home is closed to the user that PostgreSQL runs as, /var/lib/miniblog.
// It fails when the user has no home directory.
func DefaultDataDir() (string, error) {
	return defaultDataDir(os.Geteuid(), os.Getenv("XDG_DATA_HOME"), os.UserHomeDir)
}

func defaultDataDir(uid int, xdg string, home func() (string, error)) (string, error) {
	if filepath.IsAbs(xdg) { // the XDG specification has relative paths ignored
		return filepath.Join(xdg, "miniblog"), nil
	}
	if uid == 0 {
		return "/var/lib/miniblog", nil
	}
	dir, err := home()
	if err != nil {
		return "", fmt.Errorf("no place for the database: %w; set MINIBLOG_DATA_DIR or --data-dir", err)
	}
	return filepath.Join(dir, ".local", "share", "miniblog"), nil
}

// locate returns the absolute path of a data directory, where "" is DefaultDataDir. Whoever takes a data directory from
// outside asks it, so that a start and the commands beside it never mean two different places.
func locate(dataDir string) (string, error) {
	if dataDir == "" {
		return DefaultDataDir()
	}
	dir, err := filepath.Abs(dataDir)
	if err != nil {
		return "", fmt.Errorf("data directory: %w", err)
	}
	return dir, nil
}

// clusterPath is where PostgreSQL's own directory lies in a data directory.
func clusterPath(dataDir string) string { return filepath.Join(dataDir, "postgres") }

// makeDataDir creates the data directory, and only its own user may list it. Root lets others pass through, because
// the user that PostgreSQL runs as must reach the cluster inside, which is closed to all others. A directory that
// already exists keeps its rights: they are its owner's business.
func makeDataDir(dir string) error {
	parents, own := os.FileMode(0o700), os.FileMode(0o700)
	if os.Geteuid() == 0 {
		parents, own = 0o755, 0o711
	}
	if err := os.MkdirAll(filepath.Dir(dir), parents); err != nil {
		return fmt.Errorf("create the data directory: %w", err)
	}
	if err := os.Mkdir(dir, own); err != nil && !os.IsExist(err) {
		return fmt.Errorf("create the data directory: %w", err)
	}
	return nil
}
