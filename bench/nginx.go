package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"miniblog/bench/contender"
)

// nginxLimit is how long nginx may take until it answers.
const nginxLimit = 10 * time.Second

// openNginx has nginx serve the answers as files, from memory where the system has a directory there,
// once without a log, at addr, and once with one, at logging.
func openNginx(ctx context.Context, dir string, answers map[string]contender.Answer) (n *child, addr, logging string, err error) {
	files, err := os.MkdirTemp(sharedMemory(dir), "miniblog-bench-nginx-")
	if err != nil {
		return nil, "", "", err
	}
	forget := func() error { return os.RemoveAll(files) }
	if err := writeFiles(files, answers); err != nil {
		return nil, "", "", errors.Join(err, forget())
	}
	if addr, err = freeAddress(); err == nil {
		logging, err = freeAddress()
	}
	if err != nil {
		return nil, "", "", errors.Join(err, forget())
	}
	config := filepath.Join(files, "nginx.conf")
	if err := os.WriteFile(config, []byte(nginxConfig(files, addr, logging, answers)), 0o600); err != nil {
		return nil, "", "", errors.Join(err, forget())
	}
	program, err := findNginx()
	if err != nil {
		return nil, "", "", errors.Join(err, forget())
	}
	n, err = startChild(exec.Command(program, "-c", config, "-p", files, "-e", "stderr"), forget)
	if err != nil {
		return nil, "", "", err
	}
	return n, addr, logging, answering(ctx, n, addr)
}

// sharedMemory is a directory in memory, or else the one given.
func sharedMemory(dir string) string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return dir
}

// findNginx looks where Debian keeps it, too, which is in nobody's PATH but root's.
func findNginx() (string, error) {
	for _, name := range []string{"nginx", "/usr/sbin/nginx"} {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", errors.New("nginx is not installed; install it with: sh tools/provide.sh wrk nginx")
}

// nginxVersion is such as nginx/1.22.1.
func nginxVersion() string {
	program, err := findNginx()
	if err != nil {
		return "no nginx"
	}
	return said(program, "-v")
}

// writeFiles writes each body, to be read by whomever nginx serves as.
func writeFiles(dir string, answers map[string]contender.Answer) error {
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	for path, answer := range answers {
		if err := os.WriteFile(filepath.Join(dir, path), answer.Body, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// ownLines are what nginx writes into each header itself.
var ownLines = []string{"Content-Type", "Etag", "Last-Modified"}

// nginxConfig is how one would have nginx serve a static site fast.
func nginxConfig(dir, addr, logging string, answers map[string]contender.Answer) string {
	var locations strings.Builder
	for path, answer := range answers {
		fmt.Fprintf(&locations, "    location = %s {\n      default_type %q;\n", path, answer.Header.Get("Content-Type"))
		for name, values := range answer.Header {
			for _, value := range values {
				if !slices.Contains(ownLines, name) {
					fmt.Fprintf(&locations, "      add_header %s %q;\n", name, value)
				}
			}
		}
		locations.WriteString("    }\n")
	}
	server := "  server {\n    listen %s;\n    access_log %s;\n    root %s;\n%s  }\n"
	return fmt.Sprintf(`daemon off;
worker_processes auto;
pid %[1]s/pid;
events { worker_connections 1024; }
http {
  sendfile on;
  tcp_nopush on;
  server_tokens off;
  keepalive_timeout 65;
  keepalive_requests 1000000000;
  open_file_cache max=100;
  open_file_cache_valid 60s;
  types { }
  client_body_temp_path %[1]s/body;
  proxy_temp_path %[1]s/proxy;
  fastcgi_temp_path %[1]s/fastcgi;
  uwsgi_temp_path %[1]s/uwsgi;
  scgi_temp_path %[1]s/scgi;
`, dir) + fmt.Sprintf(server, addr, "off", dir, locations.String()) +
		fmt.Sprintf(server, logging, filepath.Join(dir, "access.log")+" combined buffer=32k flush=100ms", dir, locations.String()) + "}\n"
}

// freeAddress is one on loopback that nobody listens on just now.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// answering waits until a child takes connections, and ends it when it does not.
func answering(ctx context.Context, c *child, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, nginxLimit)
	defer cancel()
	for {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-c.gone:
			return errors.Join(fmt.Errorf("%s ended: %s", c.name(), c.said.String()), c.close())
		case <-ctx.Done():
			return errors.Join(err, c.close())
		case <-time.After(20 * time.Millisecond):
		}
	}
}
