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
	open := net.Listen
	if addr.Network == "unix" {
		open = listenUnix
	}
	listener, err := open(addr.Network, addr.Address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; choose another address with %s", addr, err, flag)
	}
	return listener, nil
}

// listenUnix lets one program at a time find a socket abandoned and replace it: one
// that is bound but does not listen yet looks abandoned to others.
func listenUnix(network, path string) (net.Listener, error) {
	unlock, err := lockSocket(path + ".lock")
	if err != nil {
		return nil, err
	}
	defer unlock()
	listener, err := net.Listen(network, path)
	if errors.Is(err, syscall.EADDRINUSE) && abandoned(path) {
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("remove the old socket: %w", err)
		}
		listener, err = net.Listen(network, path)
	}
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, socketMode); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// lockSocket takes the lock of that name, and removes its file with it.
func lockSocket(name string) (unlock func(), err error) {
	for {
		file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
			file.Close()
			return nil, fmt.Errorf("lock %s: %w", name, err)
		}
		if isFileOf(name, file) {
			return func() { os.Remove(name); file.Close() }, nil
		}
		file.Close() // the last holder removed it, and another may hold a new one
	}
}

func isFileOf(name string, file *os.File) bool {
	named, nameErr := os.Lstat(name)
	opened, err := file.Stat()
	return nameErr == nil && err == nil && os.SameFile(named, opened)
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
