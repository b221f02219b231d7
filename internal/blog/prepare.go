package blog

import "github.com/google/uuid"

// Text is a text as a published post keeps it, with all that is made from it.
type Text struct {
	Draft
	Reading
	Slug string // the title's own, which another post of the author may have already
}

// Prepare makes of a draft what Write would publish, without writing it: for
// those who bring many posts at once. In a blog of another language than English, Render
// reads them again. It returns fault.Invalid.
func Prepare(draft Draft) (Text, error) {
	draft = draft.cleaned()
	if err := draft.check(true); err != nil {
		return Text{}, err
	}
	return Text{Draft: draft, Reading: readingOf(draft, true, english), Slug: slugify(draft.Title)}, nil
}

// Slugs are the slugs to try in turn for the text under this id. No other post can
// have the last one.
func (t Text) Slugs(id uuid.UUID) []string { return slugCandidates(t.Title, id) }
