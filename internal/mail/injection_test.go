package mail_test

import (
	"slices"
	"testing"

	"miniblog/internal/mail"
	"miniblog/internal/mailtest"
)

// TestNoWordAddsALineToAMail: neither to its header nor to what is said to the server.
func TestNoWordAddsALineToAMail(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t, mailtest.Options{})
	const forged = "\r\nBcc: eve@example.org\r\n.\r\nRCPT TO:<eve@example.org>\r\n"
	_, err := known(server, func(s *mail.Server) { s.From.Name += forged }).Send(t.Context(), "ada@example.org", mail.Letter{
		Subject: "Low tide" + forged, Paragraphs: []mail.Paragraph{{Words: "Words" + forged}, {URL: "https://blog.example.org/" + forged}},
	})
	noError(t, err)
	for _, to := range []string{"ada@example.org" + forged, "ada@example.org> ORCPT=x", "ada@example.org, eve@example.org"} {
		if _, err := known(server).Send(t.Context(), to, letter); err == nil {
			t.Errorf("a mail to %q is sent", to)
		}
	}
	mails := server.Mails()
	if len(mails) != 1 || mails[0].To != "ada@example.org" {
		t.Fatalf("it has %+v", mails)
	}
	header := parsed(t, mails[0]).header
	for name := range header {
		if !slices.Contains([]string{"From", "To", "Subject", "Date", "Message-Id", "Mime-Version", "Content-Type", "Auto-Submitted", "Received"}, name) {
			t.Errorf("the header has a line %s: %v", name, header)
		}
	}
}
