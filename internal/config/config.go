package config

import (
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
)

// Config is what the settings mean, checked by Settings.Read. It prints without
// its secrets.
type Config struct {
	DatabaseURL    Secret   // a DSN that pgxpool.ParseConfig accepts; empty: the private PostgreSQL
	Addr           Addr     // where to listen
	URL            *url.URL // the public address, or nil: ask PublicURL
	DataDir        string   // empty: the caller's default
	Title          string   // 1 to 100 characters on one line
	Language       string   // that texts are in, as BCP 47 writes it
	Signup         Signup
	SignupsPerHour int            // by one address; 1 to a million
	SignupsPerDay  int            // in all; 1 to a million
	PasswordMin    int            // 8 to 64 characters
	SMTP           *SMTP          // nil: no mail
	MailFrom       *mail.Address  // set whenever SMTP is
	TrustedProxies []netip.Prefix // masked; empty: no proxy is trusted
	Memory         int64          // bytes of pages that are kept; 0: none
	AdminAddr      Addr           // the zero Addr: no second listener
	Log            LogFormat
}

// Signup is who may open an account.
type Signup string

// The values of MINIBLOG_SIGNUP.
const (
	SignupOpen   Signup = "open"   // everybody
	SignupInvite Signup = "invite" // who has an invitation link
	SignupClosed Signup = "closed" // nobody
)

// LogFormat is how log lines are written.
type LogFormat string

// The values of MINIBLOG_LOG.
const (
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// Addr is a listen address, in the words of net.Listen.
type Addr struct {
	Network string // tcp or unix
	Address string // host:port, or the socket's absolute path
}

// String returns the address without its network.
func (a Addr) String() string { return a.Address }

// fixed reports whether a second listener on a would fail.
func (a Addr) fixed() bool {
	if a.Network != "tcp" {
		return true
	}
	_, port, _ := net.SplitHostPort(a.Address)
	return port != "0"
}

// SMTP is a mail server.
type SMTP struct {
	Host     string // without port; an IPv6 address without brackets
	Port     uint16
	TLS      bool   // TLS from the first byte (smtps, RFC 8314); otherwise STARTTLS
	Username string // empty: no authentication
	Password Secret
}

// PublicURL returns the address that the blog's links begin with, without a
// slash at its end: the one set, or http://localhost with the port that was
// listened on. The URL is the caller's to change.
func (c *Config) PublicURL(listening net.Addr) *url.URL {
	if c.URL != nil {
		public := *c.URL
		return &public
	}
	host := "localhost"
	if tcp, ok := listening.(*net.TCPAddr); ok && tcp.Port != 80 {
		host = net.JoinHostPort(host, strconv.Itoa(tcp.Port))
	}
	return &url.URL{Scheme: "http", Host: host}
}
