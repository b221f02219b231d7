package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a string that is not shown by accident: fmt, slog and encoders write
// "[set]", or nothing for an empty one. Reveal returns it. The zero Secret is
// empty.
//
// It is kept behind a pointer because fmt forgets methods inside unexported
// fields and pointers printed with the wrong verb; there it shows an address.
type Secret struct{ value *string }

// NewSecret returns a Secret that holds value.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{&value}
}

// Reveal returns the secret itself.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Empty reports whether there is no secret.
func (s Secret) Empty() bool { return s.value == nil }

// String returns "[set]", or nothing for an empty secret.
func (s Secret) String() string {
	if s.Empty() {
		return ""
	}
	return "[set]"
}

// Format writes String whatever the verb: fmt asks a Stringer only for some.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// LogValue keeps the secret out of slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps the secret out of JSON and its like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the secret itself, for kong. It never fails.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}
