package localpg

import (
	"context"
	"errors"
	"time"
)

const (
	firstPause = 100 * time.Millisecond
	lastPause  = 5 * time.Second
	healthy    = time.Minute // a server that lived this long died of something new
)

// boot starts postgres and waits until it accepts connections. After a postmaster was killed, its backends need a
// moment to notice and to let go of the shared memory.
func (s *Server) boot(ctx context.Context) (*postmaster, error) {
	deadline := time.Now().Add(lingerFor)
	for {
		child, err := s.attempt(ctx)
		if !errors.Is(err, errInUse) || time.Now().After(deadline) {
			return child, err
		}
		if err := sleep(ctx, 10*pollEvery); err != nil {
			return nil, err
		}
	}
}

func (s *Server) attempt(ctx context.Context) (*postmaster, error) {
	if err := s.clear(ctx); err != nil {
		return nil, err
	}
	child, err := s.cluster.launch(s.log, s.socketDir, s.settings)
	if err != nil {
		return nil, err
	}
	if err := child.ready(ctx, s.cluster.dir); err != nil {
		child.stop(s.hurry)
		return nil, err
	}
	return child, nil
}

// supervise keeps postgres running until Stop, then ends it and lets go of the data directory.
func (s *Server) supervise(child *postmaster) {
	defer close(s.done)
	pause := firstPause
	for child != nil {
		select {
		case <-s.stopping.Done():
			child.stop(s.hurry)
			child = nil
		case <-child.exited:
			if time.Since(child.since) > healthy {
				pause = firstPause
			}
			s.log.Warn("the database stopped by itself and is started again", "said", child.log.last())
			child = s.revive(&pause)
		}
	}
	s.closeSocketHome()
	s.stopErr = s.lock.release()
}

// revive starts postgres until it runs, with growing pauses, or returns nil once Stop was called.
func (s *Server) revive(pause *time.Duration) *postmaster {
	for sleep(s.stopping, *pause) == nil {
		*pause = min(2**pause, lastPause)
		child, err := s.boot(s.stopping)
		if err == nil {
			s.log.Info("the database runs again")
			return child
		}
		if s.stopping.Err() == nil {
			s.log.Error("the database does not start; trying again", "error", err, "pause", *pause)
		}
	}
	return nil
}
