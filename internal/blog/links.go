package blog

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"miniblog/db"
	"miniblog/internal/markdown"
)

// Site is where the blog is on the web, and which pages it has.
type Site struct {
	Origins []string // such as https://blog.example.org, each without a path
	// Has tells whether a path is a page of the program's own: authors' pages, posts and tags
	// are not, but what comes with each of them, such as /@ada/feed.atom, is.
	Has func(path string) bool
}

// DeadLinks are the links in the post's text that lead to this blog and there to nothing that
// everybody may see, as they are written and in their order. Links to other sites are not looked
// at, nor is more than maxLinks of a text.
func (b *Blog) DeadLinks(ctx context.Context, site Site, post Post) ([]string, error) {
	own := site.own(addressOf(post), linksOf(post))
	live, err := b.liveAmong(ctx, own)
	if err != nil {
		return nil, err
	}
	var dead []string
	for _, link := range own {
		if !link.leads(live) {
			dead = append(dead, link.written)
		}
	}
	return dead, nil
}

// linksOf are the links that may lead to this blog. Those of a draft nobody has kept.
func linksOf(post Post) []string {
	if !post.Draft() || !post.PublishAt.IsZero() {
		return post.LinkList()
	}
	if !strings.Contains(post.Body, "/") { // nearly all have one, and most drafts have none
		return nil
	}
	return ownLinks(markdown.Render(post.Body).Links)
}

// addressOf is where a post is read, or could be: where its relative links begin.
func addressOf(post Post) *url.URL {
	return &url.URL{Path: "/@" + post.Author.Username + "/" + post.Slug}
}

// ownLink is a link to this blog, and what must be there for it to lead somewhere.
type ownLink struct {
	written        string
	page           bool // there is a page of that form
	username, slug string
	tag            string
}

// own are the links that lead to this blog; those within the page itself are not among them.
func (s Site) own(page *url.URL, links []string) (own []ownLink) {
	for _, written := range links {
		path, ok := s.path(page, written)
		if !ok {
			continue
		}
		link := s.read(path)
		link.written = written
		own = append(own, link)
	}
	return own
}

// path is where on this blog a link leads, still escaped; "" is nowhere.
func (s Site) path(page *url.URL, written string) (path string, ok bool) {
	parsed, err := url.Parse(written)
	switch {
	case err != nil:
		return "", strings.HasPrefix(written, "/") && !strings.HasPrefix(written, "//")
	case parsed.Host == "" && parsed.Scheme == "":
		if parsed.Path == "" { // #part or ?query
			return "", false
		}
	case parsed.Host == "" || parsed.Scheme != "" && !slices.Contains(s.Origins, originOf(parsed)):
		return "", false
	case parsed.Scheme == "" && !slices.ContainsFunc(s.Origins, func(origin string) bool {
		return strings.HasSuffix(origin, "://"+strings.ToLower(parsed.Host))
	}):
		return "", false
	case parsed.Path == "": // the home page
		return "/", true
	}
	return page.ResolveReference(parsed).EscapedPath(), true
}

func originOf(u *url.URL) string { return u.Scheme + "://" + strings.ToLower(u.Host) }

// read tells what a path needs to lead somewhere.
func (s Site) read(path string) ownLink {
	parts := strings.Split(path, "/") // the first is empty, before the slash
	if len(parts) < 2 || slices.Contains(parts[2:], "") {
		return ownLink{page: len(parts) > 1 && s.Has(path)}
	}
	username, authors := strings.CutPrefix(unescaped(parts[1]), "@")
	username = strings.ToLower(username)
	switch {
	case authors && username == "":
		return ownLink{}
	case authors && (len(parts) == 2 || len(parts) == 3 && s.Has(path)): // the page, and what comes with it
		return ownLink{page: true, username: username}
	case authors:
		return ownLink{page: len(parts) == 3 || s.Has(path), username: username, slug: unescaped(parts[2])}
	case parts[1] == "tags" && len(parts) > 2:
		return ownLink{page: len(parts) == 3 || s.Has(path), tag: unescaped(parts[2])}
	}
	return ownLink{page: s.Has(path)}
}

// unescaped is a part of a path; one that is none is that of nothing here.
func unescaped(part string) string {
	text, err := url.PathUnescape(part)
	if err != nil || !storable(text) {
		return "\ufffd"
	}
	return text
}

// liveAmong are those of the places that the links lead to which are there; all are asked for at once.
func (b *Blog) liveAmong(ctx context.Context, links []ownLink) (live []db.LiveLinksRow, err error) {
	about := db.LiveLinksParams{Most: maxLinks}
	for _, link := range links {
		if place := link.place(); place != (db.LiveLinksRow{}) {
			about.Usernames = append(about.Usernames, place.Username)
			about.Slugs, about.Tags = append(about.Slugs, place.Slug), append(about.Tags, place.Tag)
		}
	}
	if about.Tags == nil {
		return nil, nil
	}
	return b.store.LiveLinks(ctx, about)
}

// place is what the database is asked for; the zero one is not in it.
func (l ownLink) place() db.LiveLinksRow {
	return db.LiveLinksRow{Username: l.username, Slug: l.slug, Tag: l.tag}
}

// leads tells whether the link leads somewhere, among what is there.
func (l ownLink) leads(live []db.LiveLinksRow) bool {
	place := l.place()
	return l.page && (place == (db.LiveLinksRow{}) || slices.Contains(live, place))
}
