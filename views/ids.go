package views

import (
	"strings"

	"github.com/google/uuid"
)

// Ids of elements that fragments replace. LoginAgainID and StatusID stand once on every page.
const (
	StatusID       = "status"
	LoginAgainID   = "login-again"
	ComposeID      = "compose"
	OwnPostsID     = "own-posts"
	HistoryID      = "history"
	loginID        = "login"
	signupID       = "signup"
	forgotID       = "forgot"
	resetID        = "reset"
	confirmEmailID = "confirm-email"
	olderID        = "older"
	searchFormID   = "search"
	foundID        = "found"
	compareID      = "compare"
	detailsID      = "details"
	zonesID        = "zones"
	deletedID      = "deleted-posts"
	inTheBinID     = "in-the-bin"
	// The parts of the page of settings, by which SettingsAfter names them, too.
	ProfilePart  = "profile"
	UsernamePart = "username"
	EmailPart    = "email"
	PasswordPart = "password"
	SessionsPart = "sessions"
	recordPart   = "record"
	exportPart   = "export"
	DeletionPart = "deletion"
	endingFormID = "ending"
	usernameID   = "own-username"
	whoseID      = "password-of"

	peopleID      = "people"
	morePeopleID  = "more-people"
	searchID      = "people-search"
	signupModeID  = "signup-mode"
	invitationsID = "invitations"
	inviteID      = "invite"
	mailID        = "mail"
	mailTestID    = "mail-test"
	recordID      = "record"
)

// PostID is the id of a post's article, of its editor and of the notice that it was deleted.
func PostID(id uuid.UUID) string { return "post-" + id.String() }

func sessionID(id uuid.UUID) string { return "session-" + id.String() }

// PersonID is the id of an account's entry in the list of people.
func PersonID(id uuid.UUID) string { return "person-" + id.String() }

// PreviewNoteID is the id of the line above the preview of a post's text.
func PreviewNoteID(id uuid.UUID) string { return previewID(id) + "-note" }

func previewID(id uuid.UUID) string { return "preview-of-" + id.String() }

func headingID(id uuid.UUID) string { return "title-of-" + id.String() }

func selector(id string) string { return "#" + id }

// sentence begins with a capital letter.
func sentence(words string) string { return strings.ToUpper(words[:1]) + words[1:] }
