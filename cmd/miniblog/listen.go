package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"

	"miniblog/internal/config"
)

// socketMode lets a reverse proxy in the blog's own group reach a Unix socket.
const socketMode = 0o660

// listeners are the public one and, where one is set, the admin's.
type listeners struct{ public, admin net.Listener }

// listenAll opens every listener before any other work, so that an address in use is known at once.
func listenAll(settings *config.Config) (opened listeners, err error) {
	if opened.public, err = listen(settings.Addr, "--addr"); err != nil {
		return listeners{}, err
	}
	if settings.AdminAddr == (config.Addr{}) {
		return opened, nil
	}
	if opened.admin, err = listen(settings.AdminAddr, "--admin-addr"); err != nil {
		opened.close()
		return listeners{}, err
	}
	return opened, nil
}

func (l listeners) close() {
	l.public.Close()
	if l.admin != nil {
		l.admin.Close()
	}
}

// listen opens the listener that the flag sets. A Unix socket that a killed blog left
// behind is replaced, one that another program answers on is not.
func listen(addr config.Addr, flag string) (net.Listener, error) {
	listener, err := net.Listen(addr.Network, addr.Address)
	if addr.Network == "unix" && errors.Is(err, syscall.EADDRINUSE) && abandoned(addr.Address) {
		if err := os.Remove(addr.Address); err != nil {
			return nil, fmt.Errorf("remove the old socket: %w", err)
		}
		listener, err = net.Listen(addr.Network, addr.Address)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; choose another address with %s", addr, err, flag)
	}
	if addr.Network == "unix" {
		if err := os.Chmod(addr.Address, socketMode); err != nil {
			return nil, errors.Join(err, listener.Close())
		}
	}
	return listener, nil
}

func abandoned(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || info.Mode().Type() != fs.ModeSocket {
		return false
	}
	connection, err := net.Dial("unix", path)
	if err != nil {
		return errors.Is(err, syscall.ECONNREFUSED)
	}
	connection.Close()
	return false
}

// localOrigins are the ways to name this machine, for a blog that was given no
// public address: its pages are asked for under any of them.
func localOrigins(settings *config.Config, listener net.Listener) []string {
	address, ok := listener.Addr().(*net.TCPAddr)
	if !ok || settings.URL != nil {
		return nil
	}
	var origins []string
	for _, host := range []string{"localhost", "127.0.0.1", "[::1]"} {
		origins = append(origins, fmt.Sprintf("http://%s:%d", host, address.Port))
	}
	return origins
}
