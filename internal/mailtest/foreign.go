package mailtest

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"io"
	"net"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Foreign is a mail server that others wrote: aiosmtpd, a process of its own at 127.0.0.1.
// It knows STARTTLS and asks for Username and Password.
type Foreign struct {
	*Certificate

	t       testing.TB
	port    int
	process *exec.Cmd
	input   io.WriteCloser
	gone    chan struct{}
	obeyed  chan string

	mu    sync.Mutex
	mails []Mail
}

//go:embed aiosmtpd.py
var aiosmtpd string

// foreignLimit is how long it may take to start, or to hear a word, on a busy machine.
const foreignLimit = 30 * time.Second

// StartForeign starts an aiosmtpd that takes every mail. It ends with the test.
func StartForeign(t testing.TB) *Foreign {
	t.Helper()
	f := &Foreign{Certificate: NewCertificate(t), t: t}
	f.Start()
	t.Cleanup(f.Stop)
	return f
}

// Start brings it back after a Stop, at the same port.
func (f *Foreign) Start() {
	f.t.Helper()
	f.process = exec.Command(python(f.t), "-c", aiosmtpd, strconv.Itoa(f.port), f.PEM, f.Key, Username, Password)
	output, err := f.process.StdoutPipe()
	must(f.t, err)
	f.input, err = f.process.StdinPipe() // it ends when this does, so none outlives the tests
	must(f.t, err)
	var complaints bytes.Buffer // whole once it is gone
	f.process.Stderr = &complaints
	f.gone, f.obeyed = make(chan struct{}), make(chan string, 1)
	listening := make(chan int, 1)
	must(f.t, f.process.Start())
	go func(process *exec.Cmd, gone chan struct{}, obeyed chan string) {
		f.follow(output, listening, obeyed)
		_ = process.Wait() // Stop kills it
		close(gone)
	}(f.process, f.gone, f.obeyed)
	select {
	case f.port = <-listening:
	case <-f.gone:
		f.t.Fatalf("aiosmtpd ended: %s", complaints.String())
	case <-time.After(foreignLimit):
		f.t.Fatal("aiosmtpd does not listen")
	}
}

// Stop takes it away at once, with what was under way.
func (f *Foreign) Stop() {
	f.t.Helper()
	_ = f.process.Process.Kill() // it may have ended
	<-f.gone
}

// Takes has it take every mail again.
func (f *Foreign) Takes() { f.t.Helper(); f.obey("takes") }

// Refuses has it answer 550 5.1.1 to every recipient.
func (f *Foreign) Refuses() { f.t.Helper(); f.obey("refuses") }

// Hangs has it say nothing more once it was sent a mail's text.
func (f *Foreign) Hangs() { f.t.Helper(); f.obey("hangs") }

// Drops has it close the connection once it was sent a mail's text.
func (f *Foreign) Drops() { f.t.Helper(); f.obey("drops") }

func (f *Foreign) obey(word string) {
	f.t.Helper()
	_, err := io.WriteString(f.input, word+"\n")
	must(f.t, err)
	select {
	case <-f.obeyed:
	case <-time.After(foreignLimit):
		f.t.Fatalf("aiosmtpd does not hear that it %s", word)
	}
}

// Mails are those it has taken, first the oldest.
func (f *Foreign) Mails() []Mail {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Mail(nil), f.mails...)
}

// Addr is where it listens.
func (f *Foreign) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(f.port)) }

// follow reads what it says of itself.
func (f *Foreign) follow(output io.Reader, listening chan<- int, obeyed chan<- string) {
	for lines := bufio.NewScanner(output); lines.Scan(); {
		var said struct {
			Port                      int
			Mode, Sender, To, Content string
		}
		if json.Unmarshal(lines.Bytes(), &said) != nil {
			continue
		}
		switch {
		case said.Port != 0:
			listening <- said.Port
		case said.Mode != "":
			obeyed <- said.Mode
		default:
			f.mu.Lock()
			f.mails = append(f.mails, Mail{From: said.Sender, To: said.To, Content: said.Content})
			f.mu.Unlock()
		}
	}
}

// python is an interpreter that has aiosmtpd. Debian's packages are for Debian's own, before
// which another may stand in PATH.
func python(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(name, "-c", "import aiosmtpd").Run() == nil {
			return name
		}
	}
	t.Fatal("no python3 with aiosmtpd: sh tools/provide.sh installs it")
	return ""
}
