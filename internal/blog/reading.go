package blog

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"miniblog/db"
	"miniblog/internal/markdown"
)

// Reading is what is made of a text for those who list, read or search it. Of a draft
// that nobody reads there is only what lists show.
type Reading struct {
	Excerpt  string
	Words    int
	Tags     []string // as typed
	TagSlugs []string
	HTML     string
	Plain    string   // the text without its marks, for searching
	Outline  []byte   // its headings, as JSON
	Links    []string // that may lead to pages of this blog
	Renderer string   // what made it
	Language string   // of the search, as PostgreSQL names it
}

// maxPlain bounds what of a text is searched, in bytes: PostgreSQL takes no more than
// 1 MiB of words with their places, and of hyphened ones it makes three times as much.
const maxPlain = 192 << 10

// maxLinks bounds the links of a text that are looked after.
const maxLinks = 200

// renderer names what makes readings: one that another made is made anew.
func renderer(language string) string { return strconv.Itoa(markdown.Version) + " " + language }

// isCurrent tells whether a text looks as that renderer left it; the language is a matter
// of search alone.
func isCurrent(renderer string) bool {
	version, _, _ := strings.Cut(renderer, " ")
	return version == strconv.Itoa(markdown.Version)
}

// readingOf makes a reading of a text, in a language as PostgreSQL names it; public for one
// that readers see or shall see.
func readingOf(draft Draft, public bool, language string) Reading {
	tags := Tags(draft.Tags)
	made := Reading{
		Excerpt: excerpt(draft.Body), Words: countWords(draft.Body),
		Tags: tagNames(tags), TagSlugs: tagSlugs(tags),
		Outline: []byte("[]"), Links: []string{}, Language: language,
	}
	if !public {
		return made
	}
	rendered := markdown.Render(draft.Body)
	made.HTML, made.Plain, made.Renderer = string(rendered.HTML), searchable(rendered.Plain), renderer(language)
	made.Links = ownLinks(rendered.Links)
	if len(rendered.Headings) > 0 {
		made.Outline, _ = json.Marshal(rendered.Headings) // texts and numbers alone: cannot fail
	}
	return made
}

// maxRun is the longest run without a blank that is searched as it is, in characters: for
// longer ones PostgreSQL's parser takes the square of their length.
const maxRun = 60

// searchable is as much of a text as is searched, with blanks in runs that are too long to
// be words.
func searchable(plain string) string {
	var text strings.Builder
	run := 0
	for _, r := range plain {
		if text.Len() >= maxPlain {
			break
		}
		if run++; unicode.IsSpace(r) {
			run = 0
		}
		if run > maxRun {
			text.WriteByte(' ')
			run = 1
		}
		text.WriteRune(r)
	}
	return text.String()
}

// ownLinks are those of a text that may lead to this blog: to a path, or to any host by
// HTTP, as the blog may have another address one day. None holds a line end.
func ownLinks(links []string) []string {
	own := []string{}
	for _, link := range links {
		parsed, err := url.Parse(link)
		damaged := err != nil && strings.HasPrefix(link, "/") && !strings.ContainsFunc(link, unicode.IsControl)
		if err != nil && !damaged || len(own) == maxLinks || len(link) > 2000 {
			continue
		}
		if damaged || parsed.Scheme == "http" || parsed.Scheme == "https" || parsed.Scheme == "" && parsed.Path+parsed.Host != "" {
			own = append(own, link)
		}
	}
	return own
}

// renderAtOnce is how many stale readings are made anew in one go.
const renderAtOnce = 100

// Render makes those readings anew that another renderer made, or none: of posts that
// were brought here, and of all after the renderer has changed. A page that is read
// meanwhile shows its text as it is rendered now. It returns how many were made.
func (b *Blog) Render(ctx context.Context) (made int, err error) {
	for {
		stale, err := b.store.StaleReadings(ctx, renderer(b.language), renderAtOnce)
		if err != nil || len(stale) == 0 {
			return made, err
		}
		for _, post := range stale {
			reading := readingOf(Draft{Title: post.Title, Body: post.Body, Tags: joinTags(post.Tags)}, true, b.language)
			if err := b.store.SetReading(ctx, db.SetReadingParams{
				ID: post.ID, Version: post.Version, Excerpt: reading.Excerpt, Words: int32(reading.Words),
				Html: reading.HTML, Plain: reading.Plain, Outline: reading.Outline, Links: reading.Links,
				Renderer: reading.Renderer, Language: reading.Language,
			}); err != nil {
				return made, err
			}
			made++
		}
	}
}
