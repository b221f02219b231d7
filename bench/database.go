package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/localpg"
)

const (
	databaseName = "miniblog"
	databaseRole = "miniblog"
	databasePort = "5432"
)

//go:embed sql/let_in.sql
var letIn string

// database is a private PostgreSQL as the blog starts it, durable as anybody's, that listens on TCP, too.
type database struct {
	dir     string
	server  *localpg.Server
	store   *db.Store
	version string

	// host is an address of loopback that no other PostgreSQL of the machine listens on, as the port is always the
	// same. Only Linux has more than one. Who comes that way knows the secret.
	host, secret string
}

func openDatabase(ctx context.Context, dir string) (d *database, err error) {
	chance := uuid.New()
	d = &database{dir: dir, host: fmt.Sprintf("127.%d.%d.%d", chance[0], chance[1], 1+chance[2]%250), secret: uuid.NewString()}
	d.server, err = localpg.Start(ctx, localpg.Options{DataDir: dir, Settings: map[string]string{"listen_addresses": d.host}})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	if d.store, err = db.Open(d.socket()); err != nil {
		return d, err
	}
	if d.version, err = d.store.ServerVersion(ctx); err != nil {
		return d, err
	}
	d.version, _, _ = strings.Cut(d.version, " ")
	return d, d.letInOverTCP(ctx)
}

// socket is the way that a blog takes to its private PostgreSQL.
func (d *database) socket() string { return d.server.DSN(databaseName) }

// tcp is the way to the same one that a blog takes to a server elsewhere.
func (d *database) tcp() string {
	return (&url.URL{
		Scheme: "postgres", User: url.UserPassword(databaseRole, d.secret), Host: d.host + ":" + databasePort, Path: "/" + databaseName,
		RawQuery: "sslmode=disable",
	}).String()
}

func (d *database) letInOverTCP(ctx context.Context) error {
	files, err := filepath.Glob(filepath.Join(d.dir, "*", "pg_hba.conf"))
	if err != nil || len(files) != 1 {
		return fmt.Errorf("find pg_hba.conf in %s: %v %w", d.dir, files, err)
	}
	file, err := os.OpenFile(files[0], os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := fmt.Fprintf(file, "host all %s 127.0.0.0/8 scram-sha-256\n", databaseRole); err != nil {
		return err
	}
	return d.do(ctx, fmt.Sprintf(letIn, d.secret))
}

// do runs statements that return nothing.
func (d *database) do(ctx context.Context, sql string) error {
	conn, err := d.store.Pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	_, err = conn.Conn().PgConn().Exec(ctx, sql).ReadAll()
	return err
}

// program is one of those that PostgreSQL brings along, such as pgbench.
func program(ctx context.Context, name string) (string, error) {
	found, err := localpg.Find(ctx)
	if err != nil {
		return "", err
	}
	path, err := exec.LookPath(filepath.Join(filepath.Dir(found.Postgres), name))
	if err != nil {
		return exec.LookPath(name)
	}
	return path, nil
}

func (d *database) close() error {
	if d.store != nil {
		d.store.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), endLimit)
	defer cancel()
	return d.server.Stop(ctx)
}
