package config

import (
	"errors"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/text/language"
)

const maxTitle = 100

// readDatabaseURL never passes on pgx's own words: they quote the DSN, and their
// redaction is, as they say themselves, best effort.
func readDatabaseURL(c *Config, v string) error {
	scheme, _, hasScheme := strings.Cut(v, "://")
	if hasScheme && scheme != "postgres" && scheme != "postgresql" && !strings.ContainsAny(scheme, " =") {
		return errors.New("this is not a PostgreSQL address; write postgres://user:password@host:5432/name")
	}
	parsed, err := pgxpool.ParseConfig(v)
	if err != nil {
		return errors.New("it cannot be read; write postgres://user:password@host:5432/name, with %XX for special characters in the password, and check the options after the question mark and the files they name")
	}
	if parsed.ConnConfig.DefaultQueryExecMode == pgx.QueryExecModeSimpleProtocol {
		return errors.New("the simple protocol is not supported; write default_query_exec_mode=exec instead")
	}
	c.DatabaseURL = NewSecret(v)
	return nil
}

func readDataDir(c *Config, v string) error {
	if strings.ContainsRune(v, 0) {
		return errors.New("a path cannot contain NUL; name a directory")
	}
	c.DataDir = v
	return nil
}

func readTitle(c *Config, v string) error {
	title := strings.TrimSpace(v)
	switch {
	case title == "":
		return errors.New("the title is blank; give the blog a name")
	case !utf8.ValidString(title):
		return errors.New("the title is not UTF-8; give it in UTF-8")
	case strings.ContainsFunc(title, unicode.IsControl):
		return errors.New("the title has control characters; write it on one line")
	case utf8.RuneCountInString(title) > maxTitle:
		return fmt.Errorf("the title is too long; use at most %d characters", maxTitle)
	}
	c.Title = title
	return nil
}

// readLanguage takes a language by its name of two or three letters, with script or country if need be.
func readLanguage(c *Config, v string) error {
	tag, err := language.Parse(v)
	if err != nil || tag == language.Und || strings.Contains(v, "_") {
		return errors.New("there is no such language; write its tag, such as en, de or pt-BR")
	}
	c.Language = tag.String()
	return nil
}

func readSignup(c *Config, v string) error {
	switch c.Signup = Signup(v); c.Signup {
	case SignupOpen, SignupInvite, SignupClosed:
		return nil
	}
	return errors.New("there is no such choice; write open, invite or closed")
}

func readLog(c *Config, v string) error {
	switch c.Log = LogFormat(v); c.Log {
	case LogText, LogJSON:
		return nil
	}
	return errors.New("there is no such format; write text or json")
}

func readPasswordMin(c *Config, v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 8 || n > 64 {
		return errors.New("this is not a number from 8 to 64; write one, such as 8")
	}
	c.PasswordMin = n
	return nil
}

// maxCount is more than any blog sees.
const maxCount = 1_000_000

func parseCount(v string) (int, error) {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > maxCount {
		return 0, errors.New("this is not a number from 1 to 1000000; write one, such as 100; to let nobody sign up, set MINIBLOG_SIGNUP")
	}
	return n, nil
}

// readMemory reads MiB: more than 64 GiB is a mistake.
func readMemory(c *Config, v string) error {
	n, err := strconv.ParseUint(v, 10, 17)
	if err != nil || n > 1<<16 {
		return errors.New("this is not a number from 0 to 65536; write how many MiB of pages to keep in memory, such as 64, or 0 to keep none")
	}
	c.Memory = int64(n) << 20
	return nil
}

func readMailFrom(c *Config, v string) error {
	from, err := mail.ParseAddress(v)
	if err != nil || strings.ContainsFunc(v, unicode.IsControl) {
		return errors.New("this is not a mail address; write one such as blog@example.org or Blog <blog@example.org>")
	}
	c.MailFrom = from
	return nil
}
