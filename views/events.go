package views

import (
	"miniblog/internal/account"
)

// kindWords say what happened to an account, as a line of its record.
var kindWords = map[account.Kind]string{
	account.Joined:            "Account made",
	account.LoggedIn:          "Logged in",
	account.LoginRefused:      "A log-in was refused",
	account.LoginThrottled:    "Log-ins had to wait after too many failures",
	account.LoggedOut:         "Logged out",
	account.SessionEnded:      "A session was ended",
	account.PasswordChanged:   "Password changed",
	account.PasswordReset:     "Password set with a link",
	account.LinkMade:          "A link to set a password was made",
	account.EmailAsked:        "A new email address was named",
	account.EmailChanged:      "Email address changed",
	account.ProfileChanged:    "Profile changed",
	account.UsernameChanged:   "Username changed",
	account.Exported:          "Everything was downloaded",
	account.Deleted:           "Account deleted",
	account.Restored:          "Account brought back",
	account.Disabled:          "Account disabled",
	account.Enabled:           "Account enabled again",
	account.RoleChanged:       "Role changed",
	account.SignupChanged:     "Who may join was changed",
	account.Invited:           "An invitation was made",
	account.InvitationRevoked: "An invitation was taken back",
}

// KindWords say what happened, as a line of a record; a kind of a newer version of the
// program is shown as it is kept.
func KindWords(kind account.Kind) string {
	if words := kindWords[kind]; words != "" {
		return words
	}
	return string(kind)
}

// Record is a part of a record of what happened to accounts, newest first.
type Record struct {
	Events  []account.Recorded
	ByUser  bool   // says whom each line concerns
	Older   string // the address of what is older; "" when there is none
	InPlace bool   // puts what is older below, instead of leading to it
	Focus   bool   // puts the cursor on the first line, for what came in place
}

// browserWords say which browser it was.
func browserWords(browser string) string {
	if browser == "" {
		return "Unknown browser"
	}
	return browser
}
