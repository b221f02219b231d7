package mail_test

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"miniblog/internal/mail"
	"miniblog/internal/mailtest"
)

// known is how the blog is told of a server.
func known(s *mailtest.Server, changes ...func(*mail.Server)) mail.Server {
	server := mail.Server{
		Host: "127.0.0.1", Port: s.Port, Roots: s.Roots, Patience: 5 * time.Second,
		From: &netmail.Address{Name: "Harbour Notes", Address: "blog@example.org"},
	}
	for _, change := range changes {
		change(&server)
	}
	return server
}

var letter = mail.Letter{Subject: "Grüße & <b>more</b>", Paragraphs: []mail.Paragraph{
	{Words: "One < two, “said” Ä."}, {URL: "https://blog.example.org/reset/x?a=1&b=2"},
}}

func TestAMailIsTakenOverSTARTTLSAndOverTLSWithAndWithoutALogin(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]mailtest.Options{
		"STARTTLS": {}, "TLS": {TLS: true}, "STARTTLS with a login": {Login: true}, "TLS with a login": {TLS: true, Login: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.Start(t, options)
			answer, err := known(server, func(s *mail.Server) {
				s.TLS = options.TLS
				if options.Login {
					s.Username, s.Password = mailtest.Username, mailtest.Password
				}
			}).Send(t.Context(), "ada@example.org", letter)
			noError(t, err)
			mails := server.Mails()
			if len(mails) != 1 || mails[0].From != "blog@example.org" || mails[0].To != "ada@example.org" {
				t.Fatalf("it has %+v", mails)
			}
			if !strings.Contains(answer, "OK") {
				t.Errorf("it was answered %q", answer)
			}
		})
	}
}

func TestAMailIsPlainTextAndSimpleHTML(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t, mailtest.Options{})
	for range 2 {
		_, err := known(server).Send(t.Context(), "ada@example.org", letter)
		noError(t, err)
	}
	first, second := parsed(t, server.Mails()[0]), parsed(t, server.Mails()[1])
	if first.header.Get("From") != `"Harbour Notes" <blog@example.org>` || first.header.Get("To") != "<ada@example.org>" {
		t.Errorf("from %s to %s", first.header.Get("From"), first.header.Get("To"))
	}
	if subject, err := new(mime.WordDecoder).DecodeHeader(first.header.Get("Subject")); err != nil || subject != letter.Subject {
		t.Errorf("its subject is %q, %v", subject, err)
	}
	if date, err := first.header.Date(); err != nil || time.Since(date).Abs() > time.Minute || first.header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("its header is %v", first.header)
	}
	if id := first.header.Get("Message-Id"); !strings.HasSuffix(id, "@example.org>") || id == second.header.Get("Message-Id") {
		t.Errorf("two mails have the ids %s and %s", id, second.header.Get("Message-Id"))
	}
	const text = "One < two, “said” Ä.\n\nhttps://blog.example.org/reset/x?a=1&b=2\n"
	if first.text != text {
		t.Errorf("its text is %q", first.text)
	}
	const link = `<p><a href="https://blog.example.org/reset/x?a=1&amp;b=2">https://blog.example.org/reset/x?a=1&amp;b=2</a></p>`
	if !strings.Contains(first.html, "<p>One &lt; two, “said” Ä.</p>\n"+link) || !strings.Contains(first.html, "Grüße &amp; &lt;b&gt;more&lt;/b&gt;</title>") {
		t.Errorf("its HTML is %s", first.html)
	}
}

// received is a mail as a reader shows it.
type received struct {
	header     netmail.Header
	text, html string
}

func parsed(t *testing.T, got mailtest.Mail) received {
	t.Helper()
	message, err := netmail.ReadMessage(strings.NewReader(got.Content))
	noError(t, err)
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("it is %s, %v", kind, err)
	}
	shown, parts := received{header: message.Header}, multipart.NewReader(message.Body, parameters["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return shown
		}
		noError(t, err)
		content, err := io.ReadAll(quotedprintable.NewReader(part))
		noError(t, err)
		text := strings.ReplaceAll(string(content), "\r\n", "\n")
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			shown.text = text
		} else {
			shown.html = text
		}
	}
}

func TestAServerThatDoesNotTakeAMailIsQuoted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options  mailtest.Options
		prepare  func(*mailtest.Server)
		change   func(*mail.Server)
		answer   string
		hopeless bool
	}{
		"no such mailbox":     {prepare: func(s *mailtest.Server) { s.Refuses(550, [3]int{5, 1, 1}, "no such user") }, answer: "550 5.1.1 no such user", hopeless: true},
		"a bare refusal":      {prepare: func(s *mailtest.Server) { s.Refuses(550, [3]int{}, "no such user") }, answer: "550 no such user"},
		"relaying refused":    {prepare: func(s *mailtest.Server) { s.Refuses(554, [3]int{5, 7, 1}, "relay access denied") }, answer: "554 5.7.1 relay access denied"},
		"not now":             {prepare: func(s *mailtest.Server) { s.Refuses(451, [3]int{4, 3, 0}, "come back later") }, answer: "451 4.3.0 come back later"},
		"not this mailbox":    {prepare: func(s *mailtest.Server) { s.Refuses(450, [3]int{4, 1, 1}, "busy") }, answer: "450 4.1.1 busy"},
		"a wrong password":    {options: mailtest.Options{Login: true}, change: func(s *mail.Server) { s.Username, s.Password = "blog", "wrong" }, answer: "535 5.7.8 Authentication failed"},
		"no login":            {options: mailtest.Options{Login: true}, answer: "502 5.7.0 Please authenticate first"},
		"an unknown voucher":  {change: func(s *mail.Server) { s.Roots = nil }, answer: "certificate signed by unknown authority"},
		"no STARTTLS":         {options: mailtest.Options{Plain: true}, answer: "does not support STARTTLS"},
		"TLS without":         {change: func(s *mail.Server) { s.TLS = true }, answer: "first record does not look like a TLS handshake"},
		"nobody there":        {prepare: (*mailtest.Server).Stop, answer: "connection refused"},
		"an unknown name":     {change: func(s *mail.Server) { s.Host = "mail.invalid" }, answer: "mail.invalid"},
		"one that goes quiet": {prepare: (*mailtest.Server).Hangs, change: func(s *mail.Server) { s.Patience = 300 * time.Millisecond }, answer: "timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.Start(t, c.options)
			to := known(server)
			if c.change != nil {
				c.change(&to)
			}
			if c.prepare != nil {
				c.prepare(server)
			}
			answer, err := to.Send(t.Context(), "ada@example.org", letter)
			var refused *mail.Refusal
			if !errors.As(err, &refused) || answer != "" || len(server.Mails()) != 0 {
				t.Fatalf("it is sent: %q, %v", answer, err)
			}
			if !strings.Contains(refused.Answer, c.answer) || refused.Hopeless != c.hopeless || strings.Contains(refused.Answer, "ada@example.org") {
				t.Errorf("it is answered %+v, want %q", refused, c.answer)
			}
			if c.answer[0] >= '4' && c.answer[0] <= '5' && refused.Answer != c.answer {
				t.Errorf("its words are %q, want just %q", refused.Answer, c.answer)
			}
		})
	}
}

func TestAServerThatSaysNothingIsGivenUpInTime(t *testing.T) {
	t.Parallel()
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	noError(t, err)
	defer mute.Close()
	server := mail.Server{
		Host: "127.0.0.1", Port: uint16(mute.Addr().(*net.TCPAddr).Port), Patience: 300 * time.Millisecond,
		From: &netmail.Address{Address: "blog@example.org"},
	}
	for _, server.TLS = range []bool{false, true} {
		begun := time.Now()
		if _, err := server.Send(t.Context(), "ada@example.org", letter); err == nil {
			t.Error("it is sent")
		}
		if took := time.Since(begun); took > 3*time.Second {
			t.Errorf("it took %s", took)
		}
	}
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
