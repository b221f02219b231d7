package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// child is a contender's process.
type child struct {
	cmd    *exec.Cmd
	input  io.Closer     // the end of which ends contenders of ours
	said   *bytes.Buffer // on stderr; to be read once it is gone
	gone   chan struct{} // closed when it has ended
	forget func() error  // removes what it needed
}

// startChild starts a process of a group of its own, so that Ctrl-C reaches this program alone.
func startChild(cmd *exec.Cmd, forget func() error) (*child, error) {
	c := &child{cmd: cmd, said: new(bytes.Buffer), gone: make(chan struct{}), forget: forget}
	cmd.SysProcAttr, cmd.Stderr = &syscall.SysProcAttr{Setpgid: true}, c.said
	input, err := cmd.StdinPipe()
	if err == nil {
		c.input, err = input, cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", c.name(), err), forget())
	}
	go func() {
		_ = cmd.Wait() // it is told to end
		close(c.gone)
	}()
	return c, nil
}

// openContender starts one of ours with more settings in its environment, and returns where it listens, which it prints.
func openContender(ctx context.Context, settings []string, args ...string) (c *child, addr string, err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	read, write, err := os.Pipe() // not of the command, whose Wait would close it
	if err != nil {
		return nil, "", err
	}
	cmd := exec.Command(program, append([]string{contend}, args...)...)
	cmd.Stdout, cmd.Env = write, append(append(os.Environ(), "GOGC=300"), settings...) // as the blog sets it for itself
	c, err = startChild(cmd, read.Close)
	write.Close()
	if err != nil {
		return nil, "", err
	}
	defer context.AfterFunc(ctx, func() { cmd.Process.Kill() })()
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		err = errors.Join(err, c.close())
		return nil, "", fmt.Errorf("%s: %w\n%s", c.name(), err, c.said.String())
	}
	return c, strings.TrimSpace(line), nil
}

func (c *child) name() string {
	return strings.Join(append([]string{filepath.Base(c.cmd.Path)}, c.cmd.Args[1:]...), " ")
}

// close ends the process and waits for it.
func (c *child) close() error {
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-c.gone:
	case <-time.After(endLimit):
		_ = c.cmd.Process.Kill()
		<-c.gone
	}
	_ = c.input.Close() // whose end it has not waited for
	return c.forget()
}
