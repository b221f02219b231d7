package mail

import "time"

// linkLetter brings a link to set a password.
func linkLetter(blog, username, link string) Letter {
	return Letter{Subject: "A new password for " + blog, Paragraphs: []Paragraph{
		{Words: "Somebody, probably you, asked for a new password for the account " + username + " on " + blog + ". Choose it here:"},
		{URL: link},
		{Words: "The link works once, for 30 minutes. If you did not ask for it, do nothing: your password stays as it is."},
	}}
}

// changedLetter tells that a password was changed, so that it is noticed by whom that surprises.
func changedLetter(blog, username, forgot string, at time.Time) Letter {
	return Letter{Subject: "Your password for " + blog + " was changed", Paragraphs: []Paragraph{
		{Words: "The password of the account " + username + " on " + blog + " was changed on " +
			at.UTC().Format("2 January 2006 at 15:04") + " (UTC). Every session that was open before has ended."},
		{Words: "If that was you, there is nothing to do. If not, tell the blog’s owner, and ask for a new password at once:"},
		{URL: forgot},
	}}
}

// farewellLetter tells who has deleted their account until when it can come back, and whom
// that surprises what to do.
func farewellLetter(blog, username, forgot string, until time.Time) Letter {
	return Letter{Subject: "Your account on " + blog + " is deleted", Paragraphs: []Paragraph{
		{Words: "Your account " + username + " on " + blog + " will be removed on " + until.UTC().Format("2 January 2006") +
			", with everything you wrote. Log in before then to keep it."},
		{Words: "If it was not you who deleted it, tell the blog’s owner, and choose a new password before you log in:"},
		{URL: forgot},
	}}
}
