// Package mailtest gives tests a real mail server, which speaks SMTP on a socket.
package mailtest

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Username and Password are what the server takes, if it asks for a login.
const (
	Username = "blog"
	Password = "three wet sparrows"
)

// Mail is what the server has taken.
type Mail struct {
	From, To string
	Content  string
}

// Server is a mail server at 127.0.0.1 that speaks by its certificate.
type Server struct {
	*Certificate
	Port uint16

	t       testing.TB
	options Options

	mu      sync.Mutex
	running *smtp.Server
	door    net.Listener
	mails   []Mail
	tries   int
	refusal error
	hang    chan struct{} // nil while it answers
	goodbye chan struct{} // nil while it says goodbye
}

// Options change how a server is reached.
type Options struct {
	TLS   bool // from the first byte instead of STARTTLS
	Plain bool // it knows no STARTTLS
	Login bool // it asks for Username and Password
}

// Start starts a server that takes every mail. It ends with the test.
func Start(t testing.TB, options Options) *Server {
	t.Helper()
	s := &Server{Certificate: NewCertificate(t), t: t, options: options}
	s.listen("127.0.0.1:0")
	t.Cleanup(s.Stop)
	return s
}

// Stop takes the server away, with what was under way. Restart brings it back.
func (s *Server) Stop() {
	s.Answers()
	s.mu.Lock()
	running, door := s.running, s.door
	s.running = nil
	s.mu.Unlock() // the sessions that are ended may wait for it
	if running != nil {
		_ = running.Close() // what it ends says so
		_ = door.Close()    // it may not have been told of it yet
	}
}

// Restart brings a stopped server back at the same address.
func (s *Server) Restart() {
	s.t.Helper()
	s.listen(s.Addr())
}

// Refuses has the server answer every recipient so, such as 550, {5, 1, 1}, "no such user".
// An enhanced code of zeros is left out.
func (s *Server) Refuses(code int, enhanced [3]int, words string) {
	if enhanced == [3]int{} {
		enhanced = smtp.NoEnhancedCode
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal = &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: words}
}

// Hangs has the server say nothing more once it hears of a recipient.
func (s *Server) Hangs() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hang = make(chan struct{})
}

// HangsAfterwards has the server take a mail, say so, and then say nothing more.
func (s *Server) HangsAfterwards() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.goodbye = make(chan struct{})
}

// Answers ends Refuses, Hangs and HangsAfterwards.
func (s *Server) Answers() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal = nil
	for _, silence := range []*chan struct{}{&s.hang, &s.goodbye} {
		if *silence != nil {
			close(*silence)
			*silence = nil
		}
	}
}

// Mails are those it has taken, first the oldest.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Tries is how many recipients it has heard of.
func (s *Server) Tries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tries
}

// Addr is where it listens.
func (s *Server) Addr() string {
	return (&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: int(s.Port)}).String()
}

func (s *Server) listen(addr string) {
	s.t.Helper()
	listener, err := net.Listen("tcp", addr)
	for begun := time.Now(); errors.Is(err, syscall.EADDRINUSE) && time.Since(begun) < 20*time.Second; { // by who got the port meanwhile
		time.Sleep(50 * time.Millisecond)
		listener, err = net.Listen("tcp", addr)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.Port = uint16(listener.Addr().(*net.TCPAddr).Port)
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return s.session(), nil }))
	server.Domain, server.ErrorLog = "mail.example.org", silent{}
	if !s.options.Plain {
		server.TLSConfig = s.tls
	}
	if s.options.TLS {
		server.TLSConfig, listener = nil, tls.NewListener(listener, s.tls)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running, s.door = server, listener
	go server.Serve(listener) // until it is closed
}

func (s *Server) session() smtp.Session {
	plain := &session{server: s, known: !s.options.Login}
	if s.options.Login {
		return &loginSession{plain}
	}
	return plain
}

// session is one connection's.
type session struct {
	server *Server
	known  bool
	mail   Mail
}

// Reset forgets the mail under way, or the one that was just taken.
func (c *session) Reset() {
	c.server.mu.Lock()
	goodbye := c.server.goodbye
	c.server.mu.Unlock()
	if goodbye != nil && c.mail.Content != "" {
		<-goodbye
	}
	c.mail = Mail{}
}

// Logout has nothing to end.
func (*session) Logout() error { return nil }

// Mail begins a mail.
func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	if !c.known {
		return smtp.ErrAuthRequired
	}
	c.mail = Mail{From: from}
	return nil
}

// Rcpt says whom it is for.
func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.mail.To = to
	c.server.mu.Lock()
	c.server.tries++
	refusal, hang := c.server.refusal, c.server.hang
	c.server.mu.Unlock()
	if hang != nil {
		<-hang
	}
	return refusal
}

// Data takes the mail.
func (c *session) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.mail.Content = string(content)
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.server.mails = append(c.server.mails, c.mail)
	return nil
}

// loginSession asks for Username and Password first.
type loginSession struct{ *session }

// AuthMechanisms are the ways to log in.
func (*loginSession) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth begins a login.
func (c *loginSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != Username || password != Password {
			return smtp.ErrAuthFailed
		}
		c.known = true
		return nil
	}), nil
}

// silent is a log for nobody: clients that hang up are what some tests are about.
type silent struct{}

// Printf writes nothing.
func (silent) Printf(string, ...any) {}

// Println writes nothing.
func (silent) Println(...any) {}
