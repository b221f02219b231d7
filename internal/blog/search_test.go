package blog_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

// finds asserts which posts a search finds, by their titles, best first: drafts, posts, and
// after "like" those that are only like what was typed.
func (s *shelf) finds(viewer blog.Author, typed string, want ...string) {
	s.t.Helper()
	found, err := s.Search(s.t.Context(), viewer, typed, 1)
	noError(s.t, err)
	var got []string
	for _, hit := range slices.Concat(found.Drafts, found.Posts) {
		got = append(got, hit.Title)
	}
	for _, hit := range found.Alike {
		got = append(got, "like "+hit.Title)
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("%q finds %q, want %q", typed, got, want)
	}
}

func (s *shelf) publish(title, body, tags string) blog.Post {
	s.t.Helper()
	return s.write(blog.Draft{Title: title, Body: body, Tags: tags}, true)
}

var nobody blog.Author

func TestWordsAreFoundInTitleTagsAndTextInThatOrder(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.publish("A quiet place", "The *lighthouse* is far away.", "")
	s.publish("Another place", "It is dark.", "lighthouse, sea")
	s.publish("The lighthouse", "It is bright.", "")
	s.finds(nobody, "lighthouse", "The lighthouse", "Another place", "A quiet place")
}

func TestWordsAreFoundByTheirStemsInTheLanguageOfTheBlog(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.publish("Yesterday", "She walked along the pier.", "")
	s.finds(nobody, "walking", "Yesterday")
	s.finds(nobody, "the")
	s.Blog = blog.New(s.store).In("de-AT")
	s.publish("Gestern", "Viele Häuser standen leer.", "")
	s.finds(nobody, "Haus", "Gestern")
	s.finds(nobody, "und")
	made, err := s.Render(t.Context())
	noError(t, err)
	if left := dbtest.One[int](t, s.store, "SELECT count(*) FROM posts WHERE language <> 'german'"); left != 0 || made != 1 {
		t.Errorf("%d posts were read again, %d are of another language", made, left)
	}
}

func TestASearchKnowsPhrasesAndWhatIsNotToBeThere(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.publish("Both", "A fountain pen and a loom.", "")
	s.publish("Apart", "A pen beside the fountain.", "")
	for typed, want := range map[string][]string{
		`"fountain pen"`: {"Both"}, `“fountain pen”`: {"Both"}, `„fountain pen“`: {"Both"}, `"fountain pen`: {"Both"},
		"fountain -loom": {"Apart"}, "loom OR beside": {"Apart", "Both"}, "fountain sea": nil,
	} {
		found, err := s.Search(t.Context(), nobody, typed, 1)
		noError(t, err)
		var got []string
		for _, hit := range found.Posts {
			got = append(got, hit.Title)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s finds %q, want %q", typed, got, want)
		}
	}
}

func TestTheLastWordMayBeOnlyBegun(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.publish("A short defence", "Of handwriting in general.", "")
	s.publish("面馆的老板告诉我", "A noodle shop.", "")
	s.publish("Theatre", "All the world.", "")
	for _, typed := range []string{"handwr", "short hand", "HANDWRITI", "handwritin", "ha", "defence of ha"} {
		s.finds(nobody, typed, "A short defence")
	}
	s.finds(nobody, "the", "Theatre") // which is no word to look for by itself
	s.finds(nobody, "面", "面馆的老板告诉我")
	s.finds(nobody, "h")
	s.finds(nobody, `"short de`, "like A short defence")
	s.finds(nobody, "theatre -worl", "Theatre")
}

func TestOnlyWhatReadersSeeIsFound(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	id := s.publish("The tide tables", "Every harbour keeps two clocks.", "").ID
	s.finds(nobody, "harbour", "The tide tables")
	dbtest.Exec(t, s.store, "UPDATE posts SET page = true WHERE id = $1", id)
	s.finds(nobody, "harbour", "The tide tables")
	dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now() WHERE id = $1", id)
	s.finds(nobody, "harbour")
	s.finds(s.ada, "harbour")
	dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = NULL, published_at = NULL, publish_at = now() + interval '1 day' WHERE id = $1", id)
	s.finds(nobody, "harbour")
	s.finds(s.bob, "harbour")
	s.finds(s.ada, "harbour", "The tide tables")
}

func TestDraftsAreFoundByTheirAuthorAlone(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.write(blog.Draft{Title: "Secrets", Body: "The harbour is sold.", Tags: "scandal"}, false)
	s.publish("In public", "The harbour opens at six.", "")
	for _, typed := range []string{"harbour", "harb"} {
		s.finds(s.ada, typed, "Secrets", "In public")
		s.finds(s.bob, typed, "In public")
		s.finds(nobody, typed, "In public")
	}
	s.finds(s.ada, "scandal", "Secrets")
	for _, typed := range []string{"Secrets", "Secerts", "scandal", "sold"} { // not even when it is like a title
		s.finds(s.bob, typed)
		s.finds(nobody, typed)
	}
}

func TestTypingErrorsAreForgivenInTitlesAndTags(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.publish("The lighthouse keeper", "He paints.", "")
	s.publish("Evening", "It is late.", "handwriting")
	s.publish("Gone", "It is gone.", "handwriting")
	dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = now() WHERE title = 'Gone'")
	s.finds(nobody, "lighthosue", "like The lighthouse keeper")
	s.finds(nobody, "handwriitng", "like Evening")
	s.finds(nobody, "zzzz")
}

func TestWithoutTheExtensionThatForgivesASearchStillFinds(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.publish("The lighthouse keeper", "He paints.", "")
	dbtest.Exec(t, s.store, "DROP EXTENSION pg_trgm CASCADE")
	s.finds(nobody, "lighthosue")
	s.finds(nobody, "keeper", "The lighthouse keeper")
	if forgives, err := s.store.Forgives(t.Context()); err != nil || forgives {
		t.Errorf("it forgives: %v, %v", forgives, err)
	}
	if forgives, err := s.store.Forgive(t.Context()); err != nil || !forgives {
		t.Errorf("once it is there again it forgives: %v, %v", forgives, err)
	}
	s.finds(nobody, "lighthosue", "like The lighthouse keeper")
}

func TestNoSearchFails(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.publish("The tide tables", "Every harbour keeps two clocks.", "")
	for _, typed := range []string{
		"", " ", "\x00", "\xff\xfe", `"`, `""`, `"""`, strings.Repeat("(", 200), strings.Repeat(`"`, 199), "the of and", "-", "--", "-harbour", "-x -y",
		"OR", "or or", "🦀", "'", `\`, `\'`, "a:*", "':*", "& | ! <->", "<->", ":*AB", "%", "_", strings.Repeat("x", 200), strings.Repeat("x ", 100), "é", "e\u0301\u0301", "\x01\x02\x03",
		"it's", "2026-11-25", "a@b.example", "https://example.org/a?b=c", "-\"a b\"", "ﬁ", "\u202eabc", "१२", "x" + strings.Repeat("\u0301", 150),
	} {
		if _, err := s.Search(t.Context(), s.ada, typed, 1); err != nil {
			t.Errorf("%q: %v", typed, err)
		}
	}
	for _, typed := range []string{"-harbour", `"the of"`, "🦀", "()"} {
		if found, err := s.Search(t.Context(), nobody, typed, 1); err != nil || !found.Vague {
			t.Errorf("%q has a word to look for: %v, %v", typed, found, err)
		}
	}
	if _, err := s.Search(t.Context(), nobody, strings.Repeat("x", 201), 1); !errors.As(err, new(fault.Invalid)) {
		t.Errorf("too long a search: %v", err)
	}
}

func TestResultsComeInPagesThatLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for n := range 45 {
		dbtest.Post(t, s.store, s.ada.ID, func(p *dbtest.NewPost) { p.Title = fmt.Sprint("Harbour ", n) })
	}
	seen := map[uuid.UUID]bool{}
	page := 1
	for _, size := range []int{20, 20, 5} {
		found, err := s.Search(t.Context(), nobody, "harbour", page)
		noError(t, err)
		if len(found.Posts) != size {
			t.Errorf("page %d has %d posts, want %d", page, len(found.Posts), size)
		}
		for _, hit := range found.Posts {
			seen[hit.ID] = true
		}
		page = found.Next
	}
	if page != 0 || len(seen) != 45 {
		t.Errorf("%d posts were seen, and page %d follows", len(seen), page)
	}
}

func TestWhatWasLookedForIsMarkedAndCannotBeForged(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	long := strings.Repeat("Nothing to see here. ", 3000) + "Then the \x01forged\x02 lighthouse appeared. " + strings.Repeat("And nothing again. ", 3000)
	s.publish("One lighthouse", long, "")
	found, err := s.Search(t.Context(), nobody, "lighthouses", 1)
	noError(t, err)
	if len(found.Posts) != 1 {
		t.Fatalf("%d posts", len(found.Posts))
	}
	hit := found.Posts[0]
	if got := fmt.Sprint(hit.Marked); got != "[{One  false} {lighthouse true}]" {
		t.Errorf("the title is %s", got)
	}
	var marked []string
	for _, piece := range hit.Around {
		if piece.Marked {
			marked = append(marked, piece.Text)
		}
	}
	if !slices.Equal(marked, []string{"lighthouse"}) {
		t.Errorf("%q is marked in %v", marked, hit.Around)
	}
}

func TestASearchWaitsForADatabaseThatIsBusyButNotForLong(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.publish("The tide tables", "Every harbour keeps two clocks.", "")
	triesAgain := func() bool {
		return dbtest.One[bool](t, s.store, `SELECT EXISTS (SELECT FROM pg_stat_activity
			WHERE datname = current_database() AND query LIKE '-- name: NewestSince %' AND wait_event_type = 'Lock')`)
	}
	for held, want := range map[string]error{"until it tries again": nil, "for good": fault.ErrBusy} {
		tx, err := s.store.Pool.Begin(t.Context())
		noError(t, err)
		_, err = tx.Exec(t.Context(), "LOCK TABLE posts")
		noError(t, err)
		var found blog.Found
		ended := make(chan error, 1)
		go func() {
			var err error
			found, err = s.Search(t.Context(), nobody, "harbour", 1)
			ended <- err
		}()
		for len(ended) == 0 && (want != nil || !triesAgain()) {
			time.Sleep(5 * time.Millisecond)
		}
		noError(t, tx.Rollback(t.Context()))
		if err := <-ended; !errors.Is(err, want) || want == nil && len(found.Posts) != 1 {
			t.Errorf("a table that is locked %s: %v, %v", held, found, err)
		}
	}
}

// A search is up to six queries, twice: each may be quick enough by itself.
func TestASearchOfManySlowQueriesEndsInTime(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.publish("The tide tables", "Every harbour keeps two clocks.", "")
	dbtest.Exec(t, s.store, "ALTER TABLE posts RENAME TO kept")
	dbtest.Exec(t, s.store, `CREATE VIEW posts AS WITH slept AS MATERIALIZED (SELECT pg_sleep(0.2))
		SELECT p.* FROM slept LEFT JOIN kept AS p ON true`)
	began := time.Now()
	found, err := s.Search(t.Context(), s.ada, "lighthouse", 1)
	if took := time.Since(began); !errors.Is(err, fault.ErrBusy) || took < 2*time.Second {
		t.Errorf("after %s: %+v, %v", took, found, err)
	}
}
