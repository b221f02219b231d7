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

// confirmLetter brings a link that confirms an address.
func confirmLetter(blog, username, link string) Letter {
	return Letter{Subject: "Confirm your address for " + blog, Paragraphs: []Paragraph{
		{Words: "The account " + username + " on " + blog + " names this address as its own. Confirm it here:"},
		{URL: link},
		{Words: "The link works once, for 24 hours. If the account is not yours, do nothing: it cannot use this address."},
	}}
}

// takenLetter tells who has an account that another one names its address.
func takenLetter(blog, username, forgot string) Letter {
	return Letter{Subject: "Your address for " + blog, Paragraphs: []Paragraph{
		{Words: "The account " + username + " on " + blog + " names this address as its own, but it is confirmed for another account, yours. Nothing was changed."},
		{Words: "If that was you, log in with the account that you have. If you have forgotten its password:"},
		{URL: forgot},
		{Words: "If it was not you, there is nothing to do."},
	}}
}

// leavingLetter tells an address that its account has asked for another one, while that
// can still be stopped.
func leavingLetter(blog, username, login string, at time.Time) Letter {
	return Letter{Subject: "Another address was asked for on " + blog, Paragraphs: []Paragraph{
		{Words: "On " + at.UTC().Format("2 January 2006 at 15:04") + " (UTC) the account " + username + " on " + blog +
			" asked to use another address instead of this one. That comes true once the other one is confirmed."},
		{Words: "If that was you, there is nothing to do. If not, change your password at once: that stops it."},
		{URL: login},
	}}
}

// movedLetter tells an address that an account has left it.
func movedLetter(blog, username, login string, at time.Time) Letter {
	return Letter{Subject: "Your address for " + blog + " was changed", Paragraphs: []Paragraph{
		{Words: "This address is no longer the one of the account " + username + " on " + blog + ": that was changed on " +
			at.UTC().Format("2 January 2006 at 15:04") + " (UTC)."},
		{Words: "If that was you, there is nothing to do. If not, log in, change your password and your address, and tell the blog’s owner, who can make a link if you cannot log in any more:"},
		{URL: login},
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

// renamedLetter tells that an account has another username, by which it logs in from now on.
func renamedLetter(blog, username, forgot string, at time.Time) Letter {
	return Letter{Subject: "Your username on " + blog + " was changed", Paragraphs: []Paragraph{
		{Words: "On " + at.UTC().Format("2 January 2006 at 15:04") + " (UTC) the username of your account on " + blog +
			" was changed. It is " + username + " now: log in with that. Links to the old one lead to the new one."},
		{Words: "If that was you, there is nothing to do. If not, tell the blog’s owner, and ask for a new password at once:"},
		{URL: forgot},
	}}
}

// testLetter shows its reader that mail arrives.
func testLetter(blog, username string, at time.Time) Letter {
	return Letter{Subject: "A test mail from " + blog, Paragraphs: []Paragraph{
		{Words: "This is the test that " + username + " asked for on " + at.UTC().Format("2 January 2006 at 15:04") +
			" (UTC). It has arrived, so " + blog + " can send mail."},
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
