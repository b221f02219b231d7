package views

// Said is something that was done, for the next page to say: without scripts the answer to
// a change is another page.
type Said string

// What the next page can say.
const (
	SaidSessionEnded  Said = "session-ended"
	SaidOthersEnded   Said = "others-ended"
	SaidDisabled      Said = "disabled"
	SaidEnabled       Said = "enabled"
	SaidOwner         Said = "owner"
	SaidAuthor        Said = "author"
	SaidRemoved       Said = "removed"
	SaidRestored      Said = "restored"
	SaidRevoked       Said = "revoked"
	SaidSignupChanged Said = "signup-changed"
	SaidMailQueued    Said = "mail-queued"
	SaidDetails       Said = "details"
	SaidLapsed        Said = "lapsed"
)

var saidWords = map[Said]string{
	SaidSessionEnded:  SessionEndedWords,
	SaidOthersEnded:   OthersEndedWords,
	SaidRevoked:       RevokedWords,
	SaidSignupChanged: SignupChangedWords,
	SaidMailQueued:    MailQueuedWords,
	SaidDetails:       DetailsWords,
	SaidLapsed:        LapsedWords,
}

// personWords say what was done to an account, behind its name.
var personWords = map[Said]string{
	SaidDisabled: "is disabled.",
	SaidEnabled:  "can log in again.",
	SaidOwner:    "is an owner now.",
	SaidAuthor:   "is an author now.",
	SaidRemoved:  "is removed.",
	SaidRestored: "is back.",
}

// PersonWords say what was done to the account of that name.
func PersonWords(username string, said Said) string { return username + " " + personWords[said] }

// SaidWords say it on the next page; "" for what nothing has said.
func SaidWords(said Said) string {
	if words := personWords[said]; words != "" {
		return "The account " + words
	}
	return saidWords[said]
}

// What is said in place, too.
const (
	RevokedWords       = "The invitation is revoked."
	SignupChangedWords = "Saved. It holds from now on."
	MailQueuedWords    = "A test mail waits to be sent. Look again in a moment."
)
