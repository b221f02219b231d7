// Package config reads miniblog's settings from flags, from the environment and
// from files, checks them all, and hands on what they mean.
package config

// Settings are the settings as words, for a command to embed in its kong
// grammar. A flag wins over the environment variable NAME, and that over its
// default; NAME_FILE names a file that holds the value instead (container
// secrets). An empty value counts as none. Everything is read as a string, for
// kong stops at the first value it cannot convert and Read names them all.
//
// The defaults stand in Read and not in kong's tags: kong cannot tell a default
// from a flag, and a NAME_FILE has to win over the one and not over the other.
type Settings struct {
	DatabaseURL    Secret `name:"database-url" env:"DATABASE_URL" placeholder:"DSN" help:"PostgreSQL 15 or newer, as postgres://user:password@host:5432/name; several hosts allowed. Default: a private PostgreSQL in the data directory."`
	Addr           string `name:"addr" env:"MINIBLOG_ADDR" placeholder:"HOST:PORT" help:"Where to listen. Port 0 picks a free one; a path starting with / is a Unix socket. Default: 127.0.0.1:8080."`
	URL            string `name:"url" env:"MINIBLOG_URL" placeholder:"URL" help:"The public address of the blog, such as https://blog.example.org. Default: http://localhost:PORT."`
	DataDir        string `name:"data-dir" env:"MINIBLOG_DATA_DIR" placeholder:"DIR" help:"Where the private PostgreSQL lives. Default: $$XDG_DATA_HOME/miniblog or ~/.local/share/miniblog, for root /var/lib/miniblog."`
	Title          string `name:"title" env:"MINIBLOG_TITLE" placeholder:"TEXT" help:"The name of the blog. Default: Mini Blog."`
	Language       string `name:"language" env:"MINIBLOG_LANGUAGE" placeholder:"TAG" help:"The language that the blog is written in, such as en, de or pt-BR (BCP 47): its words are searched by their stems. Default: en."`
	Signup         string `name:"signup" env:"MINIBLOG_SIGNUP" placeholder:"WHO" help:"Who may sign up: open, invite or closed, unless an owner has set it in the browser. Default: open."`
	SignupsPerHour string `name:"signups-per-hour" env:"MINIBLOG_SIGNUPS_PER_HOUR" placeholder:"N" help:"How many may sign up in an hour from one address (IPv6: one /64). Default: 30."`
	SignupsPerDay  string `name:"signups-per-day" env:"MINIBLOG_SIGNUPS_PER_DAY" placeholder:"N" help:"How many may sign up in a day in all. Default: 1000."`
	PasswordMin    string `name:"password-min" env:"MINIBLOG_PASSWORD_MIN" placeholder:"N" help:"The shortest password allowed, 8 to 64 characters. Default: 8."`
	SMTPURL        Secret `name:"smtp-url" env:"MINIBLOG_SMTP_URL" placeholder:"URL" help:"The mail server, as smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465. Default: no mail, links instead."`
	MailFrom       string `name:"mail-from" env:"MINIBLOG_MAIL_FROM" placeholder:"ADDRESS" help:"The sender of mail, such as blog@example.org. Needed with a mail server."`
	TrustedProxies string `name:"trusted-proxies" env:"MINIBLOG_TRUSTED_PROXIES" placeholder:"LIST" help:"Addresses or networks of proxies whose X-Forwarded-For counts, with commas between them; over a Unix socket, 127.0.0.1. Default: none."`
	MemoryMiB      string `name:"memory-mib" env:"MINIBLOG_MEMORY_MIB" placeholder:"N" help:"How many MiB of memory ready pages may take at most, 0 to 65536; 0 keeps none. Default: 64."`
	AdminAddr      string `name:"admin-addr" env:"MINIBLOG_ADMIN_ADDR" placeholder:"HOST:PORT" help:"A second listener with /metrics and profiles; keep it private. Default: off."`
	Log            string `name:"log" env:"MINIBLOG_LOG" placeholder:"FORMAT" help:"How to log to stderr: text or json. Default: text."`

	done   bool
	config *Config
	err    error
}

// Read checks every setting and returns what they mean, or Problems with all
// that is wrong. It reads files once: later calls return the first answer.
func (s *Settings) Read() (*Config, error) {
	if !s.done {
		s.config, s.err = s.read()
		s.done = true
	}
	return s.config, s.err
}

// Validate returns what Read finds wrong. Kong calls it while it parses when
// Settings is embedded anonymously or by `embed:""`; its error then wraps
// Problems.
func (s *Settings) Validate() error {
	_, err := s.Read()
	return err
}

func (s *Settings) read() (*Config, error) {
	values, problems := s.gather()
	c := &Config{}
	for _, setting := range table {
		value := values[setting.env]
		if value == "" {
			value = setting.fallback
		}
		if value == "" {
			continue
		}
		if err := setting.read(c, value); err != nil {
			problems = append(problems, Problem{Setting: setting.env, Text: err.Error()})
		}
	}
	problems = append(problems, c.contradictions(problems)...)
	if len(problems) > 0 {
		return nil, problems
	}
	return c, nil
}

// table gives each setting its default and its reader. A reader's error is a
// line for the operator and never repeats the value: a secret may have been put
// into the wrong variable.
var table = []struct {
	env      string
	fallback string
	read     func(c *Config, value string) error
}{
	{"DATABASE_URL", "", readDatabaseURL},
	{"MINIBLOG_ADDR", "127.0.0.1:8080", func(c *Config, v string) (err error) { c.Addr, err = parseAddr(v); return }},
	{"MINIBLOG_URL", "", func(c *Config, v string) (err error) { c.URL, err = parseURL(v); return }},
	{"MINIBLOG_DATA_DIR", "", readDataDir},
	{"MINIBLOG_TITLE", "Mini Blog", readTitle},
	{"MINIBLOG_LANGUAGE", "en", readLanguage},
	{"MINIBLOG_SIGNUP", string(SignupOpen), readSignup},
	{"MINIBLOG_SIGNUPS_PER_HOUR", "30", func(c *Config, v string) (err error) { c.SignupsPerHour, err = parseCount(v); return }},
	{"MINIBLOG_SIGNUPS_PER_DAY", "1000", func(c *Config, v string) (err error) { c.SignupsPerDay, err = parseCount(v); return }},
	{"MINIBLOG_PASSWORD_MIN", "8", readPasswordMin},
	{"MINIBLOG_SMTP_URL", "", func(c *Config, v string) (err error) { c.SMTP, err = parseSMTP(v); return }},
	{"MINIBLOG_MAIL_FROM", "", readMailFrom},
	{"MINIBLOG_TRUSTED_PROXIES", "none", func(c *Config, v string) (err error) { c.TrustedProxies, err = parseProxies(v); return }},
	{"MINIBLOG_MEMORY_MIB", "64", readMemory},
	{"MINIBLOG_ADMIN_ADDR", "", func(c *Config, v string) (err error) { c.AdminAddr, err = parseAddr(v); return }},
	{"MINIBLOG_LOG", string(LogText), readLog},
}

// contradictions finds values that are right alone and wrong together, unless
// one of the two was already found wrong.
func (c *Config) contradictions(known Problems) Problems {
	var found Problems
	if c.SMTP != nil && c.MailFrom == nil && !known.about("MINIBLOG_MAIL_FROM") {
		found = append(found, Problem{"MINIBLOG_MAIL_FROM", "a mail server is set but no sender; give the address that mail comes from"})
	}
	if c.AdminAddr != (Addr{}) && c.AdminAddr == c.Addr && c.Addr.fixed() {
		found = append(found, Problem{"MINIBLOG_ADMIN_ADDR", "it is the public address; choose another port: metrics and profiles must stay private"})
	}
	return found
}
