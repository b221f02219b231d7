package blog

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of what a post is tagged with.
const (
	MaxTags     = 10
	maxTagRunes = 40
)

// Tag is one word or few that posts share: its name as an author typed it, and the
// last part of its address.
type Tag struct{ Name, Slug string }

// Tags reads a line of tags as authors type them, parted by commas: blanks around
// them, empty ones and those that lead to the address of one before are left out.
func Tags(line string) (tags []Tag) {
	for name := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(",،、，;\n", r) }) {
		name = strings.Join(strings.Fields(strings.TrimLeft(name, "# \t\u00a0")), " ")
		tag := Tag{Name: name, Slug: tagSlug(name)}
		if tag.Slug != "" && !slices.ContainsFunc(tags, func(t Tag) bool { return t.Slug == tag.Slug }) {
			tags = append(tags, tag)
		}
	}
	return tags
}

// signs are spelt out in the addresses of tags: C, C# and C++ are three.
var signs = strings.NewReplacer("+", "plus", "#", "sharp")

func tagSlug(name string) string { return slugOf(signs.Replace(name)) }

// TagLine writes tags as Tags reads them.
func TagLine(tags []Tag) string { return joinTags(tagNames(tags)) }

func tagNames(tags []Tag) []string {
	names := make([]string, 0, len(tags))
	for _, tag := range tags {
		names = append(names, tag.Name)
	}
	return names
}

func tagSlugs(tags []Tag) []string {
	slugs := make([]string, 0, len(tags))
	for _, tag := range tags {
		slugs = append(slugs, tag.Slug)
	}
	return slugs
}

func joinTags(names []string) string { return strings.Join(names, ", ") }

// tagsProblem is what keeps a line of tags from being kept.
func tagsProblem(line string) string {
	if !storable(line) {
		return "The tags hold characters that cannot be kept. Remove them and try again."
	}
	tags := Tags(line)
	if len(tags) > MaxTags {
		return "A post has at most 10 tags. Remove some."
	}
	for _, tag := range tags {
		if utf8.RuneCountInString(tag.Name) > maxTagRunes {
			return "A tag has at most 40 characters. Part tags by commas."
		}
	}
	return ""
}

// mergeTags brings two lines of tags together that grew from one. They never clash:
// what either has added is in, what either has taken out is not.
func mergeTags(began, mine, theirs string) string {
	old, own := Tags(began), Tags(mine)
	has := func(tags []Tag, tag Tag) bool {
		return slices.ContainsFunc(tags, func(t Tag) bool { return t.Slug == tag.Slug })
	}
	merged := slices.DeleteFunc(Tags(theirs), func(t Tag) bool { return has(old, t) && !has(own, t) })
	for _, tag := range own {
		if !has(old, tag) && !has(merged, tag) {
			merged = append(merged, tag)
		}
	}
	return TagLine(merged)
}
