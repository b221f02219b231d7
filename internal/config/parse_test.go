package config

import (
	"fmt"
	"net"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

func print(v any) string { return fmt.Sprint(v) }

func TestOnlyRightValuesAreAccepted(t *testing.T) {
	for env, values := range map[string]struct{ right, wrong []string }{
		"DATABASE_URL": {
			[]string{"postgres://u:p%40w@db/blog", "postgresql:///blog?host=/run/postgresql", "host=/run/postgresql dbname=blog", "postgres://u@a:1,b:2/blog?pool_max_conns=4"},
			[]string{"mysql://u:hunter2@db/blog", "postgres://u:hunt/er2@db/blog", "postgres://db:hunter2/blog", "hunter2", "postgres://db/blog?sslmode=hunter2", "postgres://db/blog?pool_max_conns=hunter2", "postgres://db/blog?default_query_exec_mode=simple_protocol", "postgres://db/blog?sslmode=verify-ca&sslrootcert=/nowhere/hunter2"},
		},
		"MINIBLOG_ADDR": {
			[]string{"127.0.0.1:8080", ":8080", ":0", "[::]:80", "[fe80::1%eth0]:80", "localhost:65535", "/run/miniblog.sock"},
			[]string{"8080", "localhost", "127.0.0.1:", ":65536", ":http", ":-1", "::1:80", "a b:80", "http://localhost:80", "/" + strings.Repeat("x", 107), "/run\x00"},
		},
		"MINIBLOG_TITLE": {
			[]string{"x", strings.Repeat("é", 100), " Ada's <notes> & more "},
			[]string{" ", "a\nb", "a\x00b", "\xff", strings.Repeat("é", 101)},
		},
		"MINIBLOG_LANGUAGE": {
			[]string{"en", "de-CH", "zh-Hant-TW", "gsw", "PT-br"},
			[]string{"English", "e", "en_GB", "en-", "und", "xx", "en\"><script>", "de\x00", "*", "c"},
		},
		"MINIBLOG_SIGNUP":           {[]string{"open", "invite", "closed"}, []string{"Open", "yes", " open"}},
		"MINIBLOG_PASSWORD_MIN":     {[]string{"8", "64"}, []string{"7", "65", "-8", "8.5", "eight", "99999999999999999999"}},
		"MINIBLOG_SIGNUPS_PER_HOUR": {[]string{"1", "1000000"}, []string{"0", "-1", "1000001", "1e3", "1,000", "all"}},
		"MINIBLOG_SIGNUPS_PER_DAY":  {[]string{"1", "1000000"}, []string{"0", "-1", "1000001", "1e3", "1,000", "all"}},
		"MINIBLOG_MAIL_FROM":        {[]string{"blog@example.org", "The blog <blog@example.org>"}, []string{"blog", "a@b, c@d", "a@b\r\nBcc: c@d", "@"}},
		"MINIBLOG_TRUSTED_PROXIES": {
			[]string{"none", "10.0.0.1", "10.0.0.0/8,fd00::/8", " ::1 , 127.0.0.1 ", "::ffff:10.0.0.1"},
			[]string{"10.0.0.1,", "proxy", "10.0.0.0/33", "0.0.0.0/0", "::/0", "fe80::1%eth0", "none,10.0.0.1", "::ffff:10.0.0.0/104", "*"},
		},
		"MINIBLOG_MEMORY_MIB": {[]string{"0", "64", "65536"}, []string{"-1", "65537", "64M", "1e3", "64 MiB", "99999999999999999999"}},
		"MINIBLOG_LOG":        {[]string{"text", "json"}, []string{"JSON", "logfmt"}},
	} {
		for _, value := range values.right {
			if err := readerOf(env)(&Config{}, value); err != nil {
				t.Errorf("%s=%q: %v", env, value, err)
			}
		}
		for _, value := range values.wrong {
			if err := readerOf(env)(&Config{}, value); err == nil || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s=%q: %v", env, value, err)
			}
		}
	}
}

func readerOf(env string) func(*Config, string) error {
	for _, setting := range table {
		if setting.env == env {
			return setting.read
		}
	}
	panic("no setting " + env)
}

func TestThePublicURLIsWrittenAsABrowserWritesAnOrigin(t *testing.T) {
	for value, want := range map[string]string{
		"http://localhost:8080":      "http://localhost:8080",
		"HTTPS://Blog.Example.ORG/":  "https://blog.example.org",
		"https://example.org:443":    "https://example.org",
		"http://example.org:80/":     "http://example.org",
		"https://example.org:80":     "https://example.org:80",
		"https://example.org:08443":  "https://example.org:8443",
		"http://[0:0:0::1]:8080":     "http://[::1]:8080",
		"https://xn--bcher-kva.test": "https://xn--bcher-kva.test",
		"example.org":                "", "ftp://example.org": "", "http://": "", "http:example.org": "", "http://:8080": "",
		"https://example.org/blog": "", "https://example.org?": "", "https://example.org/#": "", "https://u:hunter2@example.org": "",
		"https://bücher.test": "", "https://example.org:": "", "https://example.org:0": "", "https://example.org:65536": "",
		"https://a..b": "", "http://[fe80::1%25eth0]": "", "https://*.example.org": "",
	} {
		u, err := parseURL(value)
		if (err == nil) != (want != "") || err == nil && u.String() != want {
			t.Errorf("%q is read as %v, %v", value, u, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", value, err)
		}
	}
}

func TestTheMailServerIsReadFromItsURL(t *testing.T) {
	for value, want := range map[string]*SMTP{
		"smtp://u:p@mail.test:2525":    {Host: "mail.test", Port: 2525, Username: "u", Password: NewSecret("p")},
		"smtp://localhost":             {Host: "localhost", Port: 587},
		"smtps://u%40x:p%2F%3A@[::1]/": {Host: "::1", Port: 465, TLS: true, Username: "u@x", Password: NewSecret("p/:")},
		"http://mail.test":             nil, "smtp://": nil, "smtp://u@mail.test": nil, "smtp://:hunter2@mail.test": nil,
		"smtp://u:hunter2@mail.test:0": nil, "smtp://u:hunt/er2@mail.test": nil, "smtp://u:hunter2@mail.test?tls=1": nil,
		"smtp://u:%zz@mail.test": nil, "mail.test:587": nil,
	} {
		server, err := parseSMTP(value)
		if (err == nil) != (want != nil) || !reflect.DeepEqual(server, want) {
			t.Errorf("%q is read as %+v, %v", value, server, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", value, err)
		}
	}
}

func TestThePublicURLFollowsTheListenerUnlessItIsSet(t *testing.T) {
	set := &Config{URL: &url.URL{Scheme: "https", Host: "blog.test"}}
	for _, c := range []struct {
		config *Config
		addr   net.Addr
		want   string
	}{
		{&Config{}, &net.TCPAddr{IP: net.IPv4zero, Port: 43210}, "http://localhost:43210"},
		{&Config{}, &net.TCPAddr{Port: 80}, "http://localhost"},
		{&Config{}, &net.UnixAddr{Net: "unix", Name: "/run/blog.sock"}, "http://localhost"},
		{set, &net.TCPAddr{Port: 43210}, "https://blog.test"},
	} {
		got := c.config.PublicURL(c.addr)
		if got.String() != c.want {
			t.Errorf("%v: %v, want %s", c.addr, got, c.want)
		}
		got.Host = "changed.test"
	}
	if set.URL.Host != "blog.test" {
		t.Error("a caller changed the setting")
	}
}

func FuzzReaders(f *testing.F) {
	f.Add("https://u:p@[::1]:443/x?y#z")
	f.Add("smtp://u:p%40@mail:25")
	f.Add("10.0.0.0/8,::1")
	f.Add("/run/x.sock")
	f.Add(":0")
	f.Fuzz(func(t *testing.T, value string) {
		if u, err := parseURL(value); err == nil {
			again, err := parseURL(u.String())
			if err != nil || *again != *u {
				t.Errorf("%q is read as %v and that as %v, %v", value, u, again, err)
			}
		}
		for _, setting := range table {
			if err := setting.read(&Config{}, value); err != nil && strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("%s=%q is answered in several lines: %q", setting.env, value, err)
			}
		}
	})
}
