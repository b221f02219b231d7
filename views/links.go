// Package views turns what the handlers know into HTML. A view shows; it loads
// nothing and decides nothing. Addresses and element ids are made here and
// nowhere else.
package views

//go:generate go tool -modfile=../tools/go.mod templ generate -path ..
//go:generate go run ./build

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/blog"
)

// Addresses of pages and of what can be done on them.
const (
	HomeURL      = "/"
	SearchURL    = "/search"
	SignupURL    = "/signup"
	LoginURL     = "/login"
	LogoutURL    = "/logout"
	ForgotURL    = "/forgot"
	ResetsURL    = "/reset"
	EmailsURL    = "/email"
	DashboardURL = "/dashboard"
	NewPostURL   = "/new"
	PostsURL     = "/posts"
	PreviewURL   = "/preview"
	SettingsURL  = "/settings"
	// ThemeURL takes the colours that somebody chose.
	ThemeURL = "/theme"
	// GalleryURL shows every component in every state, to those who work on them.
	GalleryURL = "/gallery"
	// DeletedURL lists the viewer's own deleted posts.
	DeletedURL = DashboardURL + "/deleted"
	// UsernameCheckURL answers for one username whether it can be had.
	UsernameCheckURL = "/signup/username"
)

// LoginReturningTo is the login page that goes on to next afterwards.
func LoginReturningTo(next string) string {
	if next == "" {
		return LoginURL
	}
	return LoginURL + "?next=" + url.QueryEscape(next)
}

// SignupReturningTo is the page for joining that goes on to next afterwards.
func SignupReturningTo(next string) string {
	if next == "" {
		return SignupURL
	}
	return SignupURL + "?next=" + url.QueryEscape(next)
}

// UsernameCheckFor is UsernameCheckURL for who has that invitation, or none.
func UsernameCheckFor(invitation string) string {
	if invitation == "" {
		return UsernameCheckURL
	}
	return UsernameCheckURL + "?invitation=" + url.QueryEscape(invitation)
}

// ResetURL is what sets a password with the token of a link.
func ResetURL(token string) string { return ResetsURL + "/" + url.PathEscape(token) }

// EmailURL is what confirms an address with the token of a link.
func EmailURL(token string) string { return EmailsURL + "/" + url.PathEscape(token) }

// EmailConfirmedURL says that an address was confirmed.
const EmailConfirmedURL = EmailsURL

// AskedForLinkURL says that a link to set a password was asked for.
const AskedForLinkURL = ForgotURL + "?asked=yes"

// LoginAfterResetURL is the login page, saying that the password was changed.
const LoginAfterResetURL = LoginURL + "?changed=yes"

// What can be done on the page of settings, and the pages that belong to it.
const (
	ProfileURL  = SettingsURL + "/profile"
	UsernameURL = SettingsURL + "/username"
	PasswordURL = SettingsURL + "/password"
	// EmailChangeURL is what another address is named at.
	EmailChangeURL = SettingsURL + "/email"
	SessionsURL    = SettingsURL + "/sessions"
	RecordURL      = SettingsURL + "/record"
	ExportURL      = SettingsURL + "/export"
	// AccountDeletionURL is what one's own account is deleted at.
	AccountDeletionURL = SettingsURL + "/deletion"
	// OtherSessionsURL is what all one's sessions but this one are ended at.
	OtherSessionsURL = SessionsURL + "/ending"
)

// SessionEndingURL is what one of one's own sessions is ended at.
func SessionEndingURL(id uuid.UUID) string { return SessionsURL + "/" + id.String() + "/ending" }

// SettingsAt is the page of settings, at that part of it.
func SettingsAt(part string) string { return SettingsURL + "#" + sectionID(part) }

// SettingsAfter is the page of settings, saying what was just done in that part of it.
func SettingsAfter(part string) string {
	return SettingsURL + "?done=" + part + "#" + sectionID(part)
}

// sectionID is the id of a part of the page of settings, around its form.
func sectionID(part string) string { return part + "-part" }

// RecordBeforeURL is the page of one's own record that begins before an event.
func RecordBeforeURL(before int64) string {
	return RecordURL + "?before=" + strconv.FormatInt(before, 10)
}

// LoginAfterDeletionURL is the login page, saying that an account was deleted and until when
// it can come back.
func LoginAfterDeletionURL(until time.Time) string {
	return LoginURL + "?deleted=" + until.UTC().Format(time.DateOnly)
}

// BackURL is the dashboard, saying that the account is back.
const BackURL = DashboardURL + "?back=yes"

// AuthorURL is the page of an author's posts.
func AuthorURL(username string) string { return "/@" + username }

// PermalinkURL is where a published post is read.
func PermalinkURL(post blog.Post) string {
	return AuthorURL(post.Author.Username) + "/" + url.PathEscape(post.Slug)
}

// AddressURL is where an author's page or a post is read.
func AddressURL(address blog.Address) string {
	if address.Slug == "" {
		return AuthorURL(address.Author.Username)
	}
	return PermalinkURL(blog.Post{Author: address.Author, Slug: address.Slug})
}

// PostURL is a post by its id: what its author posts revisions to.
func PostURL(id uuid.UUID) string { return PostsURL + "/" + id.String() }

// EditURL is the editor of a post, with the text that was kept last.
func EditURL(id uuid.UUID) string { return PostURL(id) + "/edit" }

// EditSavedURL is the editor with the text that was saved last.
func EditSavedURL(id uuid.UUID) string { return EditURL(id) + "?text=saved" }

// CarriedURL is the editor with a text that came through the login page.
func CarriedURL(id uuid.UUID) string { return EditURL(id) + "?carried=yes" }

// VersionsURL is what an editor autosaves to.
func VersionsURL(id uuid.UUID) string { return PostURL(id) + "/versions" }

// DeletionURL is what a post is deleted at.
func DeletionURL(id uuid.UUID) string { return PostURL(id) + "/deletion" }

// RestorationURL is what a deletion is undone at.
func RestorationURL(id uuid.UUID) string { return PostURL(id) + "/restoration" }

// HistoryURL lists the versions of a post.
func HistoryURL(id uuid.UUID) string { return PostURL(id) + "/history" }

// MergedURL shows what was merged into a text that was typed.
func MergedURL(id uuid.UUID, typed, merged int) string {
	return HistoryURL(id) + "?merged=yes&from=" + strconv.Itoa(typed) + "&to=" + strconv.Itoa(merged)
}

// ReturnURL is what an old version is made the newest again at.
func ReturnURL(id uuid.UUID, number int) string {
	return HistoryURL(id) + "/" + strconv.Itoa(number) + "/restoration"
}

// JustDeletedURL is the dashboard, saying that a post was deleted and offering Undo.
func JustDeletedURL(id uuid.UUID) string { return DashboardURL + "?deleted=" + id.String() }

// JustLinkedURL is the dashboard, saying which links of a draft just saved lead nowhere.
func JustLinkedURL(id uuid.UUID) string { return DashboardURL + "?links=" + id.String() }

// ReadURL is where an author finds a post of theirs: its permalink or, for a
// draft, the dashboard; a deleted one lies among the deleted.
func ReadURL(post blog.Post) string {
	switch {
	case post.Published():
		return PermalinkURL(post)
	case !post.DeletedAt.IsZero():
		return DeletedURL
	}
	return DashboardURL
}

// SearchFor is a page of what a search finds, counted from 1.
func SearchFor(typed string, page int) string {
	found := SearchURL + "?q=" + url.QueryEscape(typed)
	if page > 1 {
		found += "&page=" + strconv.Itoa(page)
	}
	return found
}

// DetailsURL is what is set of a post beside its text.
func DetailsURL(id uuid.UUID) string { return PostURL(id) + "/details" }

// ChangesURL is where readers see what was changed in a post.
func ChangesURL(post blog.Post) string { return PermalinkURL(post) + "/changes" }

// ChangesBetweenURL compares two of the versions that readers saw.
func ChangesBetweenURL(post blog.Post, from, to int) string {
	return ChangesURL(post) + "?from=" + strconv.Itoa(from) + "&to=" + strconv.Itoa(to)
}

// ChangesBeforeURL lists the versions that readers saw before one.
func ChangesBeforeURL(post blog.Post, before int) string {
	return ChangesURL(post) + "?before=" + strconv.Itoa(before)
}

// Where readers find what they look for.
const (
	TagsURL    = "/tags"
	ArchiveURL = "/archive"
)

// YearURL is the archive of the year of that time, in UTC.
func YearURL(t time.Time) string { return ArchiveURL + t.UTC().Format("/2006") }

// MonthURL is the archive of the month of that time, in UTC.
func MonthURL(t time.Time) string { return ArchiveURL + t.UTC().Format("/2006/01") }

// BeforeURL is the page of a list that begins after a place.
func BeforeURL(list string, place blog.Place) string { return list + "?before=" + place.String() }

// in names the shape in which a post's fragment is to be shown.
func in(url string, shape Shape) string {
	if strings.Contains(url, "?") {
		return url + "&shape=" + string(shape)
	}
	return url + "?shape=" + string(shape)
}

// Addresses of the owner's pages.
const (
	AdminURL       = "/admin"
	InvitationsURL = AdminURL + "/invitations"
	MailURL        = AdminURL + "/mail"
	WholeRecordURL = AdminURL + "/record"
	// SignupModeURL sets who may join.
	SignupModeURL = AdminURL + "/signup"
	// MailTestURL sends a test mail.
	MailTestURL = MailURL + "/test"
)

// PeopleRoot is what the addresses of accounts begin with, as owners see them.
const PeopleRoot = AdminURL + "/users/"

// PersonURL is an account as an owner sees it, with what can be done to it.
func PersonURL(id uuid.UUID) string { return PeopleRoot + id.String() }

// PersonActionURL is where something is done to an account: disabling, enabling, link, role, removal or restoration.
func PersonActionURL(id uuid.UUID, action string) string { return PersonURL(id) + "/" + action }

// PeopleURL is a page of those who are found by a search.
func PeopleURL(search, after string) string {
	return AdminURL + "?" + url.Values{"q": {search}, "after": {after}}.Encode()
}

// RevocationURL is where an invitation is taken back.
func RevocationURL(id uuid.UUID) string { return InvitationsURL + "/" + id.String() + "/revocation" }

// InvitedURL is the page for joining by an invitation with that token.
func InvitedURL(token string) string { return SignupURL + "?invitation=" + url.QueryEscape(token) }

// BeforeIDURL is the part of a list that begins before an id.
func BeforeIDURL(list string, id int64) string { return list + "?before=" + strconv.FormatInt(id, 10) }

// Addresses that machines ask for.
const (
	SitemapURL  = "/sitemap.xml"
	RobotsURL   = "/robots.txt"
	ManifestURL = "/manifest.webmanifest"
	FaviconURL  = "/favicon.ico"
)

// What belongs to a page below its address: its feeds and its preview picture.
const (
	AtomName = "/feed.atom"
	JSONName = "/feed.json"
	CardName = "/card.png"
)

// NotForRobots are what the addresses begin with at which crawlers find nothing to read; $ ends one.
var NotForRobots = []string{
	"/search", LoginURL, SignupURL, LogoutURL, ForgotURL, ResetsURL + "/", EmailsURL, DashboardURL, NewPostURL + "$", PostsURL + "/",
	SettingsURL, AdminURL,
}

// SitemapPartURL is one of the sitemaps of a blog that has too many addresses for one, from 1.
func SitemapPartURL(number int) string { return "/sitemap-" + strconv.Itoa(number) + ".xml" }

// PublicURL is where what everybody may read is read.
func PublicURL(public blog.Public) string {
	switch {
	case public.Tag != "":
		return TagURL(public.Tag)
	case public.Slug == "":
		return AuthorURL(public.Username)
	}
	return PermalinkURL(blog.Post{Author: blog.Author{Username: public.Username}, Slug: public.Slug})
}

// TagURL lists what has a tag.
func TagURL(slug string) string { return TagsURL + "/" + url.PathEscape(slug) }

// BlogFeed is the feed of everybody's posts.
func BlogFeed(name string) Feed { return feedAt("", name) }

// AuthorFeed is the feed of one author's posts.
func AuthorFeed(author blog.Author, name string) Feed {
	return feedAt(AuthorURL(author.Username), author.ShownName()+" · "+name)
}

// TagFeed is the feed of the posts with a tag.
func TagFeed(tag blog.Tag, name string) Feed {
	return feedAt(TagURL(tag.Slug), tag.Name+" · "+name)
}

func feedAt(page, title string) Feed {
	return Feed{Title: title, AtomURL: page + AtomName, JSONURL: page + JSONName}
}

// CardURL is a post's preview picture, in the version that is kept for ever.
func CardURL(post blog.Post, version string) string {
	return PermalinkURL(post) + BlogCardURL(version)
}

// BlogCardURL is the blog's own.
func BlogCardURL(version string) string { return CardName + "?v=" + version }
