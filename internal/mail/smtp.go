package mail

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	netmail "net/mail"
	"net/textproto"
	"strconv"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// patience bounds in turn reaching a server, its greeting with the login, and taking a mail:
// all of them together stay below the minute after which the mail is tried again.
const patience = 10 * time.Second

// Server is a mail server that takes mail to pass on.
type Server struct {
	Host     string
	Port     uint16
	TLS      bool   // from the first byte; otherwise STARTTLS, without which nothing is sent
	Username string // empty: no login
	Password string
	From     *netmail.Address

	Roots    *x509.CertPool // who vouches for its certificate; nil: whom the system trusts
	Patience time.Duration  // for each step; 0: 10 s
}

// Refusal is why a mail was not taken.
type Refusal struct {
	Answer   string // the server's own words, or what kept it from answering
	Hopeless bool   // there is no such mailbox
}

// Error is the server's answer.
func (r *Refusal) Error() string { return r.Answer }

// Send hands a letter to the server and returns the words with which it was taken, or a *Refusal.
func (s Server) Send(ctx context.Context, to string, letter Letter) (answer string, err error) {
	message, err := s.message(to, letter)
	if err != nil {
		return "", &Refusal{Answer: plain(err.Error())}
	}
	client, err := s.client()
	if err != nil {
		return "", &Refusal{Answer: plain(err.Error())}
	}
	// What goes wrong after it was taken, as at the goodbye, must not have it sent again.
	if err := client.DialAndSendWithContext(ctx, message); err != nil && !message.IsDelivered() {
		return "", refusal(err)
	}
	return plain(message.ServerResponse()), nil
}

func (s Server) client() (*gomail.Client, error) {
	wait := s.Patience
	if wait == 0 {
		wait = patience
	}
	options := []gomail.Option{
		gomail.WithPort(int(s.Port)), gomail.WithTimeout(wait), gomail.WithTLSPolicy(gomail.TLSMandatory),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}),
		gomail.WithoutNoop(), // its failure would hide what the server says
	}
	if s.TLS {
		options = append(options, gomail.WithSSL())
	}
	if s.Username != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(s.Username), gomail.WithPassword(s.Password))
	}
	return gomail.NewClient(s.Host, options...)
}

func (s Server) message(to string, letter Letter) (*gomail.Msg, error) {
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	message.FromMailAddress(s.From)
	if err := message.To(to); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(s.From.Address, "@")
	// Each try has its own: a link's mail is another one each time, and must not be taken for its double.
	message.SetMessageIDWithValue(strings.ToLower(rand.Text()) + "@" + domain)
	message.SetDate()
	message.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday notices, please
	message.Subject(letter.Subject)
	message.SetBodyString(gomail.TypeTextPlain, letter.Text())
	message.AddAlternativeString(gomail.TypeTextHTML, letter.HTML())
	return message, nil
}

// hungUp is instead of io.EOF, which says nothing to the one who keeps the mail server.
const hungUp = "the mail server closed the connection instead of an answer"

// refusal keeps of go-mail's error what the server said.
func refusal(err error) *Refusal {
	var said *textproto.Error
	var sending *gomail.SendError
	switch {
	case errors.As(err, &sending):
		words := strings.TrimPrefix(sending.Error(), sending.Reason.String()+": ")
		words, _, _ = strings.Cut(words, ", affected ")
		if words == io.EOF.Error() {
			words = hungUp
		}
		answer := plain(unquoted(words))
		return &Refusal{Answer: answer, Hopeless: sending.Reason == gomail.ErrSMTPRcptTo && noMailbox(answer)}
	case errors.As(err, &said):
		return &Refusal{Answer: plain(fmt.Sprintf("%d %s", said.Code, said.Msg))}
	}
	return &Refusal{Answer: plain(err.Error())}
}

// unquoted makes 550 no such user of 550 "no such user", as net/textproto writes it, and
// leaves out what else went wrong after that.
func unquoted(words string) string {
	code, rest, _ := strings.Cut(words, " ")
	quoted, err := strconv.QuotedPrefix(rest)
	if err != nil {
		return words
	}
	said, err := strconv.Unquote(quoted)
	if err != nil {
		return words
	}
	return code + " " + said
}

// noMailbox tells whether the server said, in the codes of RFC 3463, that the address leads
// nowhere, whether or not it had announced that it uses them (RFC 2034). A bare 550 says as
// often that this sender may not, which its owner can mend.
func noMailbox(answer string) bool {
	code, rest, _ := strings.Cut(answer, " ")
	return len(code) == 3 && code[0] == '5' && strings.HasPrefix(rest, "5.1.")
}

// maxAnswer is how much of an answer is kept, in bytes.
const maxAnswer = 500

// plain makes one line of an answer, which comes from outside.
func plain(answer string) string {
	answer = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(answer, "?"), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	if len(answer) > maxAnswer {
		answer = strings.ToValidUTF8(answer[:maxAnswer], "") + "…"
	}
	return answer
}
