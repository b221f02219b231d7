package account_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/db"
	"miniblog/internal/account"
	"miniblog/internal/dbtest"
	"miniblog/internal/fault"
)

// found are the usernames on a page of people.
func (r *register) found(search, after string) (names []string, next string) {
	r.t.Helper()
	people, next, err := r.People(r.t.Context(), search, after)
	noError(r.t, err)
	for _, person := range people {
		names = append(names, person.Username)
	}
	return names, next
}

func TestPeopleAreFoundByAnyPartOfTheirNamesAndAddress(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	for _, name := range []string{"ada", "bob", "eve"} {
		r.user(name)
	}
	dbtest.Exec(t, r.store, "UPDATE users SET email = 'king@example.org', display_name = 'Ada Ærø_100%' WHERE username = 'ada'")
	for search, want := range map[string]string{
		"": "ada bob eve", "D": "ada", " B ": "bob", "e": "ada eve", "KING@": "ada", "ærø": "ada", "ÆRØ": "ada", "_": "ada", "100%": "ada", "%": "ada",
		"zoe": "", "'": "", "\x00": "", "\xff": "", strings.Repeat("a", 300): "",
	} {
		if names, next := r.found(search, ""); strings.Join(names, " ") != want || next != "" {
			t.Errorf("%q finds %v and goes on at %q, want %s", search, names, next, want)
		}
	}
}

func TestPeopleComeInPagesOfFiftyByName(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	dbtest.Exec(t, r.store, `SELECT create_user(gen_random_uuid(), 'user-' || lpad(n::text, 3, '0'), NULL, '-', 'author', 'import', 'open', NULL)
		FROM generate_series(1, 101) AS n`)
	var all []string
	for after, pages := "", 1; ; pages++ {
		names, next := r.found("user", after)
		all = append(all, names...)
		if after = next; after == "" {
			if pages != 3 {
				t.Errorf("101 people are on %d pages", pages)
			}
			break
		}
	}
	for n, name := range all {
		if want := fmt.Sprintf("user-%03d", n+1); name != want {
			t.Errorf("person %d is %s", n, name)
		}
	}
	if len(all) != 101 {
		t.Errorf("%d people", len(all))
	}
	if names, _ := r.found("", "\xff"); len(names) != 50 {
		t.Errorf("a place that is none shows %d people", len(names))
	}
}

func TestAPersonIsShownWithWhatTheOwnerWantsToKnow(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	ada := r.user("ada")
	dbtest.Post(t, r.store, ada.ID)
	dbtest.Post(t, r.store, ada.ID, func(p *dbtest.NewPost) { p.Title, p.Deleted = "Deleted", true })
	dbtest.Exec(t, r.store, "UPDATE users SET email = 'ada@example.org', display_name = 'Ada', seen_at = now()")
	got, err := r.Person(t.Context(), ada.ID)
	noError(t, err)
	if got.Username != "ada" || got.Name != "Ada" || got.Email != "ada@example.org" || got.Confirmed || got.Posts != 1 ||
		got.JoinedAt.IsZero() || got.SeenAt.IsZero() || !got.Active() || got.State("2006") != "active" {
		t.Errorf("got %+v", got)
	}
	for set, want := range map[string]string{
		"disabled_at = now()":                                              "disabled",
		"deleted_at = '2026-11-01 12:00Z', deleted_by = id":                "deleted, kept until 2026-12-01",
		"deleted_at = '2026-11-01 12:00Z', deleted_by = gen_random_uuid()": "removed, kept until 2026-12-01",
	} {
		dbtest.Exec(t, r.store, "UPDATE users SET disabled_at = NULL, deleted_at = NULL, deleted_by = NULL")
		dbtest.Exec(t, r.store, "UPDATE users SET "+set)
		if got, err = r.Person(t.Context(), ada.ID); err != nil || got.Active() || got.State("2006-01-02") != want {
			t.Errorf("%s: %v, %s", set, err, got.State("2006-01-02"))
		}
	}
}

// ownedBy makes two owners, ada and bob.
func ownedBy(t *testing.T) (r *register, ada, bob account.By) {
	t.Helper()
	r = newRegister(t)
	owner := func(name string) account.By {
		return account.By{Owner: account.User{ID: dbtest.Owner(t, r.store, name), Username: name, Role: account.RoleOwner, PasswordNumber: 1}}
	}
	return r, owner("ada"), owner("bob")
}

// owners is who can run the blog now.
func (r *register) owners() string {
	r.t.Helper()
	return dbtest.One[string](r.t, r.store, `
		SELECT coalesce(string_agg(username, ' ' ORDER BY username), '')
		FROM users
		WHERE role = 'owner' AND disabled_at IS NULL AND deleted_at IS NULL`)
}

// taking are the ways to take an owner away.
func taking(r *register) map[string]func(id uuid.UUID, by account.By) error {
	return map[string]func(uuid.UUID, account.By) error{
		"disable": func(id uuid.UUID, by account.By) error { return r.Disable(r.t.Context(), id, by) },
		"remove":  func(id uuid.UUID, by account.By) error { return r.Remove(r.t.Context(), id, by) },
		"demote": func(id uuid.UUID, by account.By) error {
			return r.SetRole(r.t.Context(), id, account.RoleAuthor, by)
		},
	}
}

func TestTheLastOwnerStaysWhateverIsTried(t *testing.T) {
	t.Parallel()
	for others, set := range map[string]string{
		"no other": "role = 'author'", "a disabled one": "disabled_at = now()", "a deleted one": "deleted_at = now(), deleted_by = id",
	} {
		r, ada, bob := ownedBy(t)
		dbtest.Exec(t, r.store, "UPDATE users SET "+set+" WHERE username = 'bob'")
		for name, take := range taking(r) {
			err := take(ada.Owner.ID, ada)
			if words := problems(t, err).Of(""); words != "You are the only owner of this blog: make somebody else an owner first." {
				t.Errorf("%s, %s: %q", others, name, words)
			}
			if name != "remove" {
				words := problems(t, take(ada.Owner.ID, account.By{})).Of("")
				if words != "ada is the only owner of this blog: make somebody else an owner first." {
					t.Errorf("%s, %s: at the command line %q", others, name, words)
				}
			}
			if take(ada.Owner.ID, bob) == nil {
				t.Errorf("%s, %s: who is no owner may", others, name)
			}
		}
		if r.owners() != "ada" || dbtest.One[int](t, r.store, "SELECT count(*) FROM events") != 0 {
			t.Errorf("%s: the owners are %q", others, r.owners())
		}
	}
}

func TestAnOwnerMayGoWhileAnotherStays(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"disable", "remove", "demote"} {
		r, ada, _ := ownedBy(t)
		noError(t, taking(r)[name](ada.Owner.ID, ada))
		if r.owners() != "bob" {
			t.Errorf("%s: the owners are %q", name, r.owners())
		}
	}
}

func TestOfTwoOwnersWhoActOnEachOtherAtOnceOneStays(t *testing.T) {
	t.Parallel()
	r, ada, bob := ownedBy(t)
	ways := taking(r)
	for round := range 10 {
		for name := range ways {
			for other := range ways {
				dbtest.Exec(t, r.store, "UPDATE users SET role = 'owner', disabled_at = NULL, deleted_at = NULL, deleted_by = NULL")
				done := make(chan error, 2)
				go func() { done <- ways[name](bob.Owner.ID, ada) }()
				go func() { done <- ways[other](ada.Owner.ID, bob) }()
				first, second := <-done, <-done
				if (first == nil) == (second == nil) {
					t.Errorf("round %d, %s and %s: %v and %v, want one of them refused", round, name, other, first, second)
				}
				if got := r.owners(); got != "ada" && got != "bob" {
					t.Errorf("round %d, %s and %s: the owners are %q", round, name, other, got)
				}
			}
		}
	}
}

func TestOfOwnersWhoLeaveAtOnceOneStays(t *testing.T) {
	t.Parallel()
	r, ada, bob := ownedBy(t)
	for range 20 {
		dbtest.Exec(t, r.store, "UPDATE users SET disabled_at = NULL")
		done := make(chan error, 2)
		for _, owner := range []account.By{ada, bob} {
			go func() { done <- r.Disable(t.Context(), owner.Owner.ID, owner) }()
		}
		first, second := <-done, <-done
		if (first == nil) == (second == nil) || len(strings.Fields(r.owners())) != 1 {
			t.Fatalf("%v and %v leave %q", first, second, r.owners())
		}
	}
}

func TestADisabledAccountIsOutAtOnceUntilItIsEnabled(t *testing.T) {
	t.Parallel()
	r, ada, _ := ownedBy(t)
	eve := r.user("eve")
	session, link := r.session(eve), r.link("eve")
	for range 2 { // twice is harmless
		noError(t, r.Disable(t.Context(), eve.ID, ada))
	}
	r.isEnded(session)
	isGone(t, r, link)
	_, _, err := r.LogIn(t.Context(), "eve", dbtest.Password, account.Client{})
	if problems(t, err).Of("username") == "" {
		t.Error("it can log in")
	}
	if _, err := r.LinkFor(t.Context(), eve.ID, ada); problems(t, err).Of("") == "" {
		t.Error("it gets a link")
	}
	for range 2 {
		noError(t, r.Enable(t.Context(), eve.ID, ada))
	}
	_, _, err = r.LogIn(t.Context(), "eve", dbtest.Password, account.Client{})
	noError(t, err)
	r.record(t, "disabled eve by ada", "enabled eve by ada")
}

// record compares what happened to accounts by somebody else, in order.
func (r *register) record(t *testing.T, want ...string) {
	t.Helper()
	got := dbtest.One[string](t, r.store, `
		SELECT coalesce(string_agg(concat_ws(' ', kind, nullif(username, ''), 'by ' || actor, nullif(detail, '')), E'\n' ORDER BY id), '')
		FROM events
		WHERE actor <> ''`)
	if got != strings.Join(want, "\n") {
		t.Errorf("the record is\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestARoleIsChangedAndWrittenDownOnce(t *testing.T) {
	t.Parallel()
	r, ada, _ := ownedBy(t)
	eve := r.user("eve")
	for _, role := range []string{account.RoleOwner, account.RoleOwner, account.RoleAuthor} {
		noError(t, r.SetRole(t.Context(), eve.ID, role, ada))
	}
	if err := r.SetRole(t.Context(), eve.ID, "king", ada); err == nil {
		t.Error("there is a role of king")
	}
	r.record(t, "role-changed eve by ada author → owner", "role-changed eve by ada owner → author")
}

func TestNobodyJoinsAsOwnerWhileAnAccountFromElsewhereOwnsTheBlog(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	first, err := r.Add(t.Context(), account.Application{Username: "first", Password: dbtest.Password}, account.RoleAuthor)
	noError(t, err)
	noError(t, r.SetRole(t.Context(), r.user("brought").ID, account.RoleOwner, account.By{}))
	noError(t, r.Remove(t.Context(), first.ID, account.By{Owner: first}))
	dbtest.Exec(t, r.store, "DELETE FROM users WHERE id = $1", first.ID) // as after 30 days
	joined, err := r.SignUp(t.Context(), account.Application{Username: "joe", Password: dbtest.Password}, account.Client{})
	noError(t, err)
	if joined.Role != account.RoleAuthor || r.owners() != "brought" {
		t.Errorf("who joins is %s, and the owners are %q", joined.Role, r.owners())
	}
}

func TestARemovedAccountComesBackWithWhatWentWithItAndNothingElse(t *testing.T) {
	t.Parallel()
	r, ada, bob := ownedBy(t)
	eve := r.user("eve")
	session := r.session(eve)
	titles := func() string {
		return dbtest.One[string](t, r.store, "SELECT coalesce(string_agg(title, ' ' ORDER BY title), '') FROM posts WHERE deleted_at IS NULL")
	}
	for _, title := range []string{"One", "Two", "Three"} {
		dbtest.Post(t, r.store, eve.ID, func(p *dbtest.NewPost) { p.Title, p.Deleted, p.Draft = title, title == "Three", title == "Two" })
	}
	for range 2 {
		noError(t, r.Remove(t.Context(), eve.ID, ada))
	}
	r.isEnded(session)
	if titles() != "" {
		t.Errorf("%s are left", titles())
	}
	if _, _, err := r.LogIn(t.Context(), "eve", dbtest.Password, account.Client{}); err == nil {
		t.Error("it can log in")
	}
	if _, err := r.LinkFor(t.Context(), eve.ID, ada); err == nil {
		t.Error("it gets a link")
	}
	same := dbtest.One[int](t, r.store, "SELECT count(DISTINCT deleted_at) FROM (SELECT deleted_at FROM posts WHERE title <> 'Three' UNION SELECT deleted_at FROM users WHERE username = 'eve') AS times")
	if same != 1 {
		t.Errorf("it went at %d times", same)
	}
	for range 2 {
		noError(t, r.Restore(t.Context(), eve.ID, bob))
	}
	if titles() != "One Two" {
		t.Errorf("back came %s", titles())
	}
	_, _, err := r.LogIn(t.Context(), "eve", dbtest.Password, account.Client{})
	noError(t, err)
	r.record(t, "deleted eve by ada", "restored eve by bob")
}

func TestOnlyWhatAnOwnerRemovedInTheLastThirtyDaysCanBeRestored(t *testing.T) {
	t.Parallel()
	r, ada, _ := ownedBy(t)
	eve := r.user("eve")
	for _, set := range []string{"deleted_at = now(), deleted_by = id", "deleted_at = now() - interval '30 days', deleted_by = gen_random_uuid()"} {
		dbtest.Exec(t, r.store, "UPDATE users SET "+set+" WHERE username = 'eve'")
		noError(t, r.Restore(t.Context(), eve.ID, ada))
		if dbtest.One[int](t, r.store, "SELECT count(*) FROM users WHERE deleted_at IS NULL AND username = 'eve'") != 0 {
			t.Errorf("it is back after %s", set)
		}
	}
	r.record(t)
}

func TestWhatIsPublishedWhileItsAuthorIsRemovedIsNotSeen(t *testing.T) {
	t.Parallel()
	r, ada, _ := ownedBy(t)
	for n := range 10 {
		eve := r.user(fmt.Sprintf("eve-%d", n))
		done := make(chan error, 2)
		go func() {
			_, err := r.store.CreatePost(t.Context(), db.CreatePostParams{
				ID: uuid.New(), AuthorID: eve.ID, Title: "T", Body: "B", Excerpt: "B", Words: 1, Kind: "saved", Sitting: uuid.New(),
				Tags: []string{}, TagSlugs: []string{}, Outline: []byte("[]"), Links: []string{}, Language: "english",
			})
			if db.Breaks(err, db.AuthorLives) {
				err = nil
			}
			done <- err
		}()
		go func() { done <- r.Remove(t.Context(), eve.ID, ada) }()
		noError(t, <-done)
		noError(t, <-done)
	}
	if left := dbtest.One[int](t, r.store, "SELECT count(*) FROM posts WHERE deleted_at IS NULL"); left != 0 {
		t.Errorf("%d posts of removed authors are seen", left)
	}
}

func TestALinkFromTheOwnerIsWrittenDownAsTheirs(t *testing.T) {
	t.Parallel()
	r, ada, _ := ownedBy(t)
	eve := r.user("eve")
	token, err := r.LinkFor(t.Context(), eve.ID, ada)
	noError(t, err)
	noError(t, r.ResetPassword(t.Context(), token, "eight brown owls", account.Client{}))
	r.record(t, "link-made eve by ada")
	if _, err := r.LinkFor(t.Context(), uuid.New(), ada); err == nil {
		t.Error("nobody gets a link")
	}
}

// Who is about to be removed must not escape it by deleting the account first.
func TestAnOwnerRemovesWhatItsUserHasDeletedForGood(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	by := account.By{Owner: account.User{ID: dbtest.Owner(t, r.store, "ada"), Username: "ada"}}
	eve := r.user("bob")
	dbtest.Post(t, r.store, eve.ID)
	_, err := r.Delete(t.Context(), eve, account.Client{})
	noError(t, err)
	deleted := dbtest.One[time.Time](t, r.store, "SELECT deleted_at FROM users WHERE username = 'bob'")
	noError(t, r.Remove(t.Context(), eve.ID, by))
	if _, _, err := r.LogIn(t.Context(), "bob", dbtest.Password, account.Client{}); problems(t, err) == nil {
		t.Error("it comes back by logging in")
	}
	if at := dbtest.One[time.Time](t, r.store, "SELECT deleted_at FROM users WHERE username = 'bob'"); !at.Equal(deleted) {
		t.Errorf("it stays until 30 days after %s, not %s", at, deleted)
	}
	noError(t, r.Restore(t.Context(), eve.ID, by))
	if n := dbtest.One[int](t, r.store, "SELECT count(*) FROM posts WHERE deleted_at IS NULL"); n != 1 {
		t.Errorf("%d posts came back with it", n)
	}
}

func TestALinkToAnAccountThatWasRemovedMeanwhileSetsNothing(t *testing.T) {
	t.Parallel()
	r := newRegister(t)
	r.user("ada")
	link := r.link("ada")
	dbtest.Exec(t, r.store, "UPDATE users SET deleted_at = now(), deleted_by = gen_random_uuid()")
	if err := r.ResetPassword(t.Context(), link, newPassword, account.Client{}); !errors.Is(err, account.ErrNoLink) {
		t.Errorf("ResetPassword = %v", err)
	}
	made, err := r.store.CreateReset(t.Context(), make([]byte, 32), dbtest.One[uuid.UUID](t, r.store, "SELECT id FROM users"))
	if err != nil || made != 0 {
		t.Errorf("a link is made all the same: %d, %v", made, err)
	}
}

func TestWhoIsNoOwnerAnyMoreRunsNothing(t *testing.T) {
	t.Parallel()
	r := newRegister(t, invited)
	ada := account.By{Owner: account.User{ID: dbtest.Owner(t, r.store, "ada"), Username: "ada"}}
	zoe := account.By{Owner: account.User{ID: dbtest.Owner(t, r.store, "zoe"), Username: "zoe"}}
	bob := r.user("bob")
	for what, leave := range map[string]func() error{
		"an author now": func() error { return r.SetRole(t.Context(), zoe.Owner.ID, account.RoleAuthor, ada) },
		"disabled":      func() error { return r.Disable(t.Context(), zoe.Owner.ID, ada) },
		"removed":       func() error { return r.Remove(t.Context(), zoe.Owner.ID, ada) },
	} {
		dbtest.Exec(t, r.store, "UPDATE users SET role = 'owner', disabled_at = NULL, deleted_at = NULL, deleted_by = NULL WHERE username = 'zoe'")
		token, err := r.Invite(t.Context(), 1000, 365, zoe)
		noError(t, err)
		noError(t, leave())
		if err := r.joins("sock", token); !errors.Is(err, fault.ErrForbidden) {
			t.Errorf("%s: somebody joins by what she made: %v", what, err)
		}
		_, inviting := r.Invite(t.Context(), 1, 1, zoe)
		_, linking := r.LinkFor(t.Context(), bob.ID, zoe)
		for did, err := range map[string]error{"invites": inviting, "makes a link": linking, "opens the blog": r.SetSignup(t.Context(), account.SignupOpen, zoe)} {
			if !errors.Is(err, fault.ErrNotFound) {
				t.Errorf("%s, she %s: %v", what, did, err)
			}
		}
	}
}
