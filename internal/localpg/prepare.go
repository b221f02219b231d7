package localpg

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// prepare finds or makes everything that postgres needs before it runs.
func (s *Server) prepare(ctx context.Context, dataDir string, o Options) error {
	c := cluster{dataDir: dataDir, dir: clusterPath(dataDir)}
	var err error
	if c.account, err = runAs(c.dir); err != nil {
		return err
	}
	if c.programs, err = pick(ctx, o, c); err != nil {
		return err
	}
	reached, err := c.account.reaches(dataDir)
	if err != nil {
		return fmt.Errorf("look into the data directory as user %s: %w", c.account.name, err)
	}
	if c.byHandle = !reached; c.byHandle && !canUseHandle() {
		return fmt.Errorf("PostgreSQL runs as user %s, who cannot enter %s; choose another directory with --data-dir, "+
			"or open the directories above it with chmod o+x", c.account.name, dataDir)
	}
	if err := c.create(ctx, o.Settings["fsync"] != "off"); err != nil {
		return err
	}
	s.cluster = c
	return s.secure()
}

// pick chooses the programs for a cluster, new or existing.
func pick(ctx context.Context, o Options, c cluster) (Programs, error) {
	major, err := existingMajor(c.dir)
	if err != nil {
		return Programs{}, err
	}
	if o.Programs != nil {
		return choose([]Programs{*o.Programs}, major, c.dir)
	}
	places := usualPlaces
	if o.places != nil {
		places = o.places
	}
	found, err := installed(ctx, places(ctx), c.account)
	if err != nil {
		return Programs{}, err
	}
	return choose(found, major, c.dir)
}

// secure makes the files belong to the account, as after a restore by root they may not, and decides who may connect.
func (s *Server) secure() error {
	if owner, err := ownerOf(s.cluster.dir); err != nil {
		return err
	} else if owner != s.cluster.account.uid {
		if err := s.cluster.account.own(s.cluster.dir); err != nil {
			return fmt.Errorf("hand the database's files to user %s: %w", s.cluster.account.name, err)
		}
	}
	self, err := currentUser()
	if err != nil {
		return err
	}
	return s.cluster.admit(self)
}

// open boots postgres and makes sure that the blog's database is there.
func (s *Server) open(ctx context.Context) (*postmaster, error) {
	child, err := s.boot(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.ensureDatabase(ctx); err != nil {
		child.stop(s.hurry)
		return nil, err
	}
	return child, nil
}

// ensureDatabase makes the blog's database in a new cluster.
func (s *Server) ensureDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.DSN("postgres"))
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var exists bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", role).Scan(&exists); err != nil {
		return fmt.Errorf("look for the database: %w", err)
	}
	if exists {
		return nil
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+role); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	return nil
}
