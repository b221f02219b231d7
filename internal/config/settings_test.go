package config

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// each setting with a value that is right, and what it is read as.
var each = []struct {
	env, flag, value string
	got              func(*Config) any
	want             string
}{
	{"DATABASE_URL", "--database-url", "postgres://u:p@db1:5432,db2:5433/blog?target_session_attrs=any", func(c *Config) any { return c.DatabaseURL.Reveal() }, "postgres://u:p@db1:5432,db2:5433/blog?target_session_attrs=any"},
	{"MINIBLOG_ADDR", "--addr", ":0", func(c *Config) any { return c.Addr }, ":0"},
	{"MINIBLOG_URL", "--url", "https://Blog.example.org:443/", func(c *Config) any { return c.URL }, "https://blog.example.org"},
	{"MINIBLOG_DATA_DIR", "--data-dir", "/var/lib/miniblog", func(c *Config) any { return c.DataDir }, "/var/lib/miniblog"},
	{"MINIBLOG_TITLE", "--title", "Ada's notes", func(c *Config) any { return c.Title }, "Ada's notes"},
	{"MINIBLOG_LANGUAGE", "--language", "pt-br", func(c *Config) any { return c.Language }, "pt-BR"},
	{"MINIBLOG_SIGNUP", "--signup", "invite", func(c *Config) any { return c.Signup }, "invite"},
	{"MINIBLOG_SIGNUPS_PER_HOUR", "--signups-per-hour", "200", func(c *Config) any { return c.SignupsPerHour }, "200"},
	{"MINIBLOG_SIGNUPS_PER_DAY", "--signups-per-day", "50", func(c *Config) any { return c.SignupsPerDay }, "50"},
	{"MINIBLOG_PASSWORD_MIN", "--password-min", "12", func(c *Config) any { return c.PasswordMin }, "12"},
	{"MINIBLOG_SMTP_URL", "--smtp-url", "smtps://u:p%2Fw@mail.example.org", func(c *Config) any { return c.SMTP.Password.Reveal() }, "p/w"},
	{"MINIBLOG_MAIL_FROM", "--mail-from", "blog@example.org", func(c *Config) any { return c.MailFrom.Address }, "blog@example.org"},
	{"MINIBLOG_TRUSTED_PROXIES", "--trusted-proxies", "10.1.2.3/8, ::1", func(c *Config) any { return c.TrustedProxies }, "[10.0.0.0/8 ::1/128]"},
	{"MINIBLOG_MEMORY_MIB", "--memory-mib", "16", func(c *Config) any { return c.Memory }, "16777216"},
	{"MINIBLOG_ADMIN_ADDR", "--admin-addr", "localhost:9090", func(c *Config) any { return c.AdminAddr }, "localhost:9090"},
	{"MINIBLOG_LOG", "--log", "json", func(c *Config) any { return c.Log }, "json"},
}

// alone clears the environment of every setting.
func alone(t *testing.T) {
	t.Helper()
	for _, e := range each {
		t.Setenv(e.env, "")
		t.Setenv(e.env+"_FILE", "")
	}
}

// parsed is what a command that embeds Settings gets.
func parsed(t *testing.T, args ...string) *Settings {
	t.Helper()
	var command struct {
		Settings Settings `kong:"embed"`
	}
	k, err := kong.New(&command)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Parse(args); err != nil {
		t.Fatal(err)
	}
	return &command.Settings
}

func inFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEverySettingReadsFromItsFlagItsVariableAndItsFile(t *testing.T) {
	if got := reflect.TypeFor[Settings]().NumField() - 3; got != len(each) || got != len(table) {
		t.Fatalf("%d settings, %d in the table, %d tested", got, len(table), len(each))
	}
	for _, e := range each {
		for way, args := range map[string]func(*testing.T) []string{
			"flag":     func(*testing.T) []string { return []string{e.flag, e.value} },
			"variable": func(t *testing.T) []string { t.Setenv(e.env, e.value); return nil },
			"file":     func(t *testing.T) []string { t.Setenv(e.env+"_FILE", inFile(t, e.value+"\n")); return nil },
		} {
			t.Run(e.env+" from its "+way, func(t *testing.T) {
				alone(t)
				t.Setenv("MINIBLOG_MAIL_FROM", map[bool]string{true: "x@example.org"}[e.env == "MINIBLOG_SMTP_URL"])
				c, err := parsed(t, args(t)...).Read()
				if err != nil {
					t.Fatal(err)
				}
				if got := print(e.got(c)); got != e.want {
					t.Errorf("read as %q, want %q", got, e.want)
				}
			})
		}
	}
}

func TestWithNothingSetTheDefaultsHold(t *testing.T) {
	alone(t)
	c, err := parsed(t).Read()
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{Addr: Addr{"tcp", "127.0.0.1:8080"}, Title: "Mini Blog", Language: "en", Signup: SignupOpen, SignupsPerHour: 30, SignupsPerDay: 1000,
		PasswordMin: 8, Memory: 64 << 20, Log: LogText}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("%+v", c)
	}
}

func TestAFlagWinsOverAFileAndAVariable(t *testing.T) {
	alone(t)
	t.Setenv("MINIBLOG_TITLE_FILE", inFile(t, "from the file"))
	t.Setenv("MINIBLOG_LOG", "json")
	c, err := parsed(t, "--title", "Mini Blog", "--log", "text").Read()
	if err != nil || c.Title != "Mini Blog" || c.Log != LogText {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestOnlyOneNewlineIsTakenFromAFile(t *testing.T) {
	for content, want := range map[string]string{"/a": "/a", "/a\n": "/a", "/a\r\n": "/a", "/a\n\n": "/a\n", " /a ": " /a "} {
		alone(t)
		t.Setenv("MINIBLOG_DATA_DIR_FILE", inFile(t, content))
		if c, err := parsed(t).Read(); err != nil || c.DataDir != want {
			t.Errorf("%q: %+v, %v", content, c, err)
		}
	}
}

func TestAFileThatIsOfNoUseIsAProblem(t *testing.T) {
	for name, c := range map[string]struct{ path, want string }{
		"missing":   {"/nowhere/hunter2", "no such file"},
		"a folder":  {t.TempDir(), "is a directory"},
		"empty":     {inFile(t, "\n"), "the file is empty"},
		"too large": {inFile(t, strings.Repeat("x", maxFile+1)), "larger than 64 KiB"},
		"endless":   {"/dev/zero", "larger than 64 KiB"},
	} {
		t.Run(name, func(t *testing.T) {
			alone(t)
			t.Setenv("DATABASE_URL_FILE", c.path)
			err := parsed(t).Validate()
			if err == nil || !strings.HasPrefix(err.Error(), "DATABASE_URL_FILE: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v", err)
			}
			if err != nil && strings.Contains(err.Error(), c.path) {
				t.Errorf("%v shows what may be a secret in the wrong place", err)
			}
		})
	}
}

func TestAVariableAndItsFileTogetherAreAProblem(t *testing.T) {
	for _, e := range each {
		alone(t)
		t.Setenv(e.env, e.value)
		t.Setenv(e.env+"_FILE", inFile(t, e.value))
		err := parsed(t).Validate()
		if err == nil || !strings.Contains(err.Error(), e.env+"_FILE: "+e.env+" is set too") {
			t.Errorf("%s: %v", e.env, err)
		}
	}
}

func TestEveryProblemIsNamedAtOnceAndNoValueIsShown(t *testing.T) {
	alone(t)
	for _, e := range each {
		t.Setenv(e.env, "ftp://hunter2:hunter2@\x7f[hunter2 /hunter2")
	}
	t.Setenv("MINIBLOG_DATA_DIR_FILE", "/nowhere/hunter2")
	err := parsed(t).Validate()
	problems, ok := errors.AsType[Problems](err)
	if !ok || len(problems) != len(each) {
		t.Fatalf("%d of %d problems: %v", len(problems), len(each), err)
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(each) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
	for i, line := range lines {
		if _, words, ok := strings.Cut(line, ": "); !ok || len(words) < 20 {
			t.Errorf("line %d says nothing: %q", i, line)
		}
	}
}

func TestWhatContradictsAnotherSettingIsAProblem(t *testing.T) {
	for want, args := range map[string][]string{
		"MINIBLOG_MAIL_FROM: a mail server": {"--smtp-url", "smtp://localhost:25"},
		"MINIBLOG_ADMIN_ADDR: it is the":    {"--admin-addr", "127.0.0.1:8080"},
	} {
		alone(t)
		if err := parsed(t, args...).Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", args, err)
		}
	}
	alone(t)
	if err := parsed(t, "--addr", ":0", "--admin-addr", ":0").Validate(); err != nil {
		t.Error(err)
	}
}

func TestAWrongSenderIsToldOnce(t *testing.T) {
	alone(t)
	err := parsed(t, "--smtp-url", "smtp://localhost", "--mail-from", "nobody").Validate()
	if problems, _ := errors.AsType[Problems](err); len(problems) != 1 {
		t.Error(err)
	}
}

func TestKongValidatesWhereSettingsIsEmbeddedAnonymously(t *testing.T) {
	alone(t)
	var command struct{ Settings }
	k, err := kong.New(&command)
	if err != nil {
		t.Fatal(err)
	}
	_, err = k.Parse([]string{"--log", "xml"})
	if problems, _ := errors.AsType[Problems](err); len(problems) != 1 {
		t.Error(err)
	}
}

func TestHelpNamesEveryFlagItsVariableAndItsDefault(t *testing.T) {
	var help strings.Builder
	var command struct {
		Settings Settings `kong:"embed"`
	}
	k, err := kong.New(&command, kong.Writers(&help, io.Discard), kong.Exit(func(int) { panic("help") }))
	if err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() { recover() }()
		k.Parse([]string{"--help"})
	}()
	words := strings.Join(strings.Fields(help.String()), " ")
	for _, setting := range table {
		if !strings.Contains(words, "($"+setting.env+")") || !strings.Contains(words, "Default: "+setting.fallback) {
			t.Errorf("%s is missing from:\n%s", setting.env, help.String())
		}
	}
	if strings.Count(words, "Default: ") != len(table)-1 || !strings.Contains(words, "$XDG_DATA_HOME/miniblog") {
		t.Error(help.String())
	}
}
