package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretsAreNeverPrinted(t *testing.T) {
	alone(t)
	settings := parsed(t, "--database-url", "postgres://u:hunter2@db/blog", "--smtp-url", "smtp://u:hunter2@mail.test", "--mail-from", "a@b.test")
	config, err := settings.Read()
	if err != nil {
		t.Fatal(err)
	}
	if config.SMTP.Password.Reveal() != "hunter2" {
		t.Fatal("there is no secret to print")
	}
	var out bytes.Buffer
	for _, value := range []any{*settings, settings, *config, config, *config.SMTP, config.SMTP, config.DatabaseURL, struct{ hidden Config }{*config}, []*SMTP{config.SMTP}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%T"} {
			fmt.Fprintf(&out, verb+"\n", value)
		}
		if err := json.NewEncoder(&out).Encode(value); err != nil {
			t.Fatal(err)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("start", "value", value)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("start", "value", value)
	}
	for _, leak := range []string{"hunter2", fmt.Sprintf("%x", "hunter2")} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("%q is in:\n%s", leak, around(out.String(), leak))
		}
	}
}

func TestASecretSaysWhetherItIsSet(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprintf("%v|%s|%d", NewSecret("x"), NewSecret(""), NewSecret("x")); got != "[set]||[set]" {
		t.Error(got)
	}
}

// around returns the lines of s with part in them.
func around(s, part string) string {
	var found strings.Builder
	for line := range strings.Lines(s) {
		if strings.Contains(line, part) {
			found.WriteString(line)
		}
	}
	return found.String()
}
