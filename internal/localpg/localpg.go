// Package localpg runs the blog's private PostgreSQL: a child process that keeps its files in the data directory,
// listens on a Unix socket alone and lets nobody in but the blog's own user.
package localpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// Options say which database to run, and how.
type Options struct {
	DataDir  string            // where the files live; made when missing. "" is DefaultDataDir
	Log      *slog.Logger      // nil: nothing is logged
	Holder   string            // what a second start is told about this one, such as the listen address
	Programs *Programs         // nil: those that Find finds, or that an existing database needs
	Settings map[string]string // PostgreSQL settings over the usual ones, for tests

	places func(context.Context) []string // where to look for programs, nil: usualPlaces
}

// Server is a running private PostgreSQL. It starts again by itself when it dies.
type Server struct {
	cluster   cluster
	socketDir string
	settings  map[string]string
	log       *slog.Logger
	lock      *lock

	stopping context.Context // done once Stop was called
	halt     context.CancelFunc
	hurry    chan struct{} // closed when Stop may not wait for a clean end
	rush     func()
	done     chan struct{} // closed when postgres is gone and the lock released
	stopErr  error         // read after done
}

// Start runs the database of a data directory, which it creates at the first start, and returns when the database
// accepts connections. ctx bounds the start, not the server's life. A server that a killed blog left running is
// stopped first; nothing it committed is lost.
//
// It returns a *HeldError when another process runs this database, and ErrNoPrograms when PostgreSQL is not installed.
func Start(ctx context.Context, o Options) (*Server, error) {
	dataDir, err := locate(o.DataDir)
	if err != nil {
		return nil, err
	}
	if err := makeDataDir(dataDir); err != nil {
		return nil, err
	}
	held, before, err := acquire(dataDir)
	if err != nil {
		return nil, err
	}
	s, err := start(ctx, dataDir, held, before, o)
	if err != nil {
		return nil, errors.Join(err, held.release())
	}
	return s, nil
}

// start is Start once the data directory is locked.
func start(ctx context.Context, dataDir string, held *lock, before note, o Options) (*Server, error) {
	began := time.Now()
	s := newServer(held, o)
	if err := held.write(note{pid: os.Getpid(), since: began, holder: o.Holder}); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, dataDir, o); err != nil {
		return nil, err
	}
	if err := s.openSocketHome(before); err != nil {
		return nil, err
	}
	child, err := s.open(ctx)
	if err != nil {
		s.closeSocketHome()
		return nil, err
	}
	s.log.Info("database started", "version", fmt.Sprintf("%d.%d", s.cluster.programs.Major, s.cluster.programs.Minor),
		"dir", s.cluster.dir, "user", s.cluster.account.name, "took", time.Since(began).Round(time.Millisecond))
	go s.supervise(child)
	return s, nil
}

func newServer(held *lock, o Options) *Server {
	s := &Server{settings: o.Settings, log: o.Log, lock: held, hurry: make(chan struct{}), done: make(chan struct{})}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.rush = sync.OnceFunc(func() { close(s.hurry) })
	s.stopping, s.halt = context.WithCancel(context.Background())
	return s
}

// DSN returns the connection string of one of the server's databases; "miniblog" is the blog's. It stays the same for
// the server's life, also when the server had to be started again.
func (s *Server) DSN(database string) string { return dsn(s.socketDir, database) }

// Stop ends the database and lets go of the data directory. It ends cleanly within about 15 seconds, else abruptly; when
// ctx is done it does not wait that long. Committed work is kept either way. Stopping twice does nothing.
func (s *Server) Stop(ctx context.Context) error {
	s.halt()
	select {
	case <-s.done:
	case <-ctx.Done():
		s.rush()
		<-s.done
	}
	return s.stopErr
}
