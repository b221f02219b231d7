package main

// viewer is who looks at a page.
type viewer string

const (
	nobody viewer = "nobody"
	author viewer = "author"
	owner  viewer = "owner"
)

// page is an address to probe. Its parameters are tried, a * marks a place in its path that is tried, and every form
// that stands on it, and every link with parameters, is a target of its own. In braces: name is the viewer, or for nobody
// a stranger who writes; post, draft and deleted are that person's; slug is the post's; before is where the second page
// of a list begins; link is a link to set a password; other is another account's id, for an owner.
type page struct {
	as   viewer
	path string
}

// pages are all that are probed. Whoever adds a page to the blog adds it here.
var pages = []page{
	{nobody, "/?before={before}"},
	{nobody, "/login?next=/new&changed=yes"},
	{nobody, "/signup?next=/new"},
	{nobody, "/signup/username?username={name}"},
	{nobody, "/forgot?asked=yes"},
	{nobody, "/forgot"},
	{nobody, "/reset/{link}*"},
	{nobody, "/reset/{link}"},
	{nobody, "/signup?invitation={link}"},
	{nobody, "/email/{link}*"},
	{nobody, "/email"},
	{nobody, "/@{name}*?before={before}"},
	{nobody, "/@{name}*/{slug}*"},
	{nobody, "/posts/{post}*/edit"}, // a login page that carries the address on

	{author, "/@{name}/{slug}?shape=full"},
	{author, "/dashboard?before={before}&deleted={deleted}"},
	{author, "/dashboard/deleted?before={before}"},
	{author, "/new"},
	{author, "/logout"},
	{author, "/posts/{draft}*?shape=own"},
	{author, "/posts/{post}*/edit?text=saved&shape=full&carried=yes"},
	{author, "/posts/{draft}/edit"},
	{author, "/posts/{post}*/history?from=1&to=2&before=3&merged=yes"},
	{author, "/posts/{deleted}/history"},
	{author, "/dashboard/deleted"},
	{author, "/settings?done=email"},
	{author, "/settings/record?before=7"},

	{owner, "/dashboard"},
	{owner, "/admin?q=probe&after=a"},
	{owner, "/admin/users/{other}*"},
	{owner, "/admin/users/{other}"},
	{owner, "/admin/users/{other}/removal"},
	{owner, "/admin/invitations"},
	{owner, "/admin/mail?before=99999"},
	{owner, "/admin/record?before=99999"},
}

// extra are forms that no page shows as such: what the editor's autosave and its preview send, and a text carried through
// the login page. The fields are those of the form on the page, and these besides.
var extra = []struct {
	page   page
	form   string // a selector
	action string
	fields []string // name=value
}{
	{page{author, "/posts/{draft}/edit"}, "form[action^='/posts/']", "/posts/{draft}/versions", []string{"age=5"}},
	{page{author, "/posts/{draft}/edit"}, "form[action^='/posts/']", "/preview", []string{"status=draft"}},
	{page{nobody, "/login"}, "#login", "/login", []string{
		"carried=yes", "id={draft}", "version=1", "author={draft}", "sitting={post}", "turn=1", "title=Low tide", "body=Two clocks.",
	}},
}

// cookies are tried at these requests.
var cookies = []struct {
	as     viewer
	method string
	path   string
	name   string
}{
	{author, "GET", "/dashboard", "session"},
	{author, "POST", "/logout", "session"},
	{author, "POST", "/login", "device"},
	{nobody, "GET", "/login", "left"},
}
