package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

// inZone has the time of somebody's writing be that of a place.
func (s *site) inZone(t *testing.T, username, zone string) {
	t.Helper()
	dbtest.Exec(t, s.store, "UPDATE users SET time_zone = $2 WHERE username = $1", username, zone)
}

// due is what a draft's schedule says, in UTC.
func (s *site) due(t *testing.T, id uuid.UUID) string {
	t.Helper()
	return dbtest.One[string](t, s.store, `SELECT coalesce(to_char(publish_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), 'never')
		FROM posts WHERE id = $1`, id)
}

// set is what is set of a post beside its text, in one line.
func (s *site) set(t *testing.T, id uuid.UUID) string {
	t.Helper()
	return dbtest.One[string](t, s.store, `SELECT concat_ws(' ', slug, CASE WHEN pinned_at IS NOT NULL THEN 'pinned' END,
		CASE WHEN page THEN 'page' END, CASE WHEN shows_changes THEN 'changes' END) FROM posts WHERE id = $1`, id)
}

func TestDetailsAreSetAndShown(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		post := dbtest.Post(t, s.store, dbtest.Owner(t, s.store, "ada"), titled("Low tide"))
		ada := s.as(t, "ada")
		ada.get("/@ada/low-tide").has(".owner-actions a[href='" + at(post, "/details") + "']:contains('Details')")
		page := ada.get(at(post, "/details")).wants(http.StatusOK).isPage()
		page.says("#details-slug-field .before", "/@ada/")
		page.has("#details [name=slug][value=low-tide]")
		page.hasNot("#details [name=publish_date], #details [checked]") // it is published, and nothing of it is set
		done := send(ada).submit(page.form("#details"), url.Values{
			"slug": {"Low Water"}, "pinned": {"yes"}, "shows_changes": {"yes"}, "page": {"yes"},
		})
		if inPlace {
			done.wants(http.StatusOK).isFragment("details").has("[data-announce='The details are saved.'] button[autofocus]")
			done.has("[name=slug][value=low-water]")
		} else {
			done.leadsTo(at(post, "/details"))
			ada.get(at(post, "/details")).says("#status .said", "The details are saved.")
		}
		if got := s.set(t, post.ID); got != "low-water pinned page changes" {
			t.Errorf("kept %q", got)
		}
		again := ada.get(at(post, "/details"))
		again.has("[name=pinned][checked]")
		again.has("[name=page][checked]")
		again.has("[name=shows_changes][checked]")
		send(ada).post(at(post, "/details"), url.Values{"slug": {"low-water"}})
		if got := s.set(t, post.ID); got != "low-water" {
			t.Errorf("unticked, it keeps %q", got)
		}
	})
}

// later is a year in which nothing is over, and that is not too far ahead to be scheduled for.
var later = strconv.Itoa(time.Now().Year() + 2)

func TestADraftIsScheduledInItsAuthorsZone(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"), draft)
		s.inZone(t, "ada", "Europe/Berlin")
		ada := s.as(t, "ada")
		page := ada.get(at(post, "/details")).wants(http.StatusOK)
		page.says("#details-publish_time-hint", "Europe/Berlin")
		done := send(ada).submit(page.form("#details"), url.Values{"publish_date": {later + "-07-15"}, "publish_time": {"09:30"}})
		if inPlace {
			done.wants(http.StatusOK).isFragment("details").says("fieldset .hint", "It is published on 15 July "+later+", 09:30")
		} else {
			done.leadsTo(at(post, "/details"))
		}
		if got := s.due(t, post.ID); got != later+"-07-15 07:30:00" {
			t.Errorf("it is due %s", got)
		}
		board := ada.get("/dashboard")
		board.says("#"+articleOf(post)+" .badge", "Scheduled")
		board.says("#"+articleOf(post)+" time[datetime='"+later+"-07-15T07:30:00Z']", "15 July "+later+", 09:30")
		editor := ada.get(at(post, "/edit"))
		editor.says(".notice", "This is published on 15 July "+later+", 09:30 (Europe/Berlin)")
		editor.says(".actions button:not([name])", "Save")
		editor.says(".actions button[name=status][value=published]", "Publish")
		again := ada.get(at(post, "/details")).form("#details")
		if again.fields.Get("publish_date") != later+"-07-15" || again.fields.Get("publish_time") != "09:30" || again.fields.Get("slug") != "low-tide" {
			t.Errorf("the form has %v", again.fields)
		}
		s.visitor(t).get("/@ada/low-tide").wants(http.StatusNotFound)
		send(ada).submit(again, url.Values{"publish_date": {""}, "publish_time": {""}})
		if got := s.due(t, post.ID); got != "never" {
			t.Errorf("taken off the schedule, it is due %s", got)
		}
	})
}

func TestWhatIsScheduledIsReadOnceItsTimeHasComeAndCanBePublishedBefore(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	soon, now := dbtest.Post(t, s.store, ada, titled("Low tide"), draft), dbtest.Post(t, s.store, ada, titled("High tide"), draft)
	b := s.as(t, "ada")
	for _, post := range []dbtest.NewPost{soon, now} {
		b.post(at(post, "/details"), url.Values{"publish_date": {later + "-07-15"}, "publish_time": {"09:30"}}).leadsTo(at(post, "/details"))
	}
	saved := b.htmx().submit(b.get(at(soon, "/edit?shape=own")).form("form[data-editor]"), url.Values{"shape": {"own"}, "body": {"Once more."}})
	saved.wants(http.StatusOK).has("[data-announce='Saved. It is published when its time comes.']")
	dbtest.Exec(t, s.store, "UPDATE posts SET publish_at = now() - interval '1 minute' WHERE id = $1", soon.ID)
	if posts, err := s.blog.PublishDue(t.Context()); err != nil || posts != 1 {
		t.Errorf("%d posts were published, %v", posts, err)
	}
	s.visitor(t).get("/@ada/low-tide").wants(http.StatusOK).says(".prose", "Once more.")
	b.submit(b.get(at(now, "/edit")).form("form[data-editor]"), published).leadsTo("/@ada/high-tide")
	if got := s.due(t, now.ID); got != "never" {
		t.Errorf("published now, it is due %s", got)
	}
}

func TestAnEditorOpenedBeforeADraftWasScheduledKeepsItsTextFromReaders(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), threeParagraphs, draft)
		ada := s.as(t, "ada")
		form := send(ada).get(at(post, "/edit?shape=own")).form("form[data-editor]")
		ada.post(at(post, "/details"), url.Values{"publish_date": {later + "-07-15"}, "publish_time": {"09:30"}}).leadsTo(at(post, "/details"))
		clash := send(ada).submit(form, merged(text("Low tide", "Private."), url.Values{"status": {"draft"}})).wants(http.StatusConflict)
		if inPlace {
			clash.isFragment(articleOf(post))
		} else {
			clash.isPage()
		}
		clash.says("[role=alert]", "This draft was scheduled while you were writing: it is published on 15 July "+later)
		clash.hasNot("[name=status][value=draft]")
		if got := s.stands(t, post.ID); !strings.HasPrefix(got, "Low tide | One.") {
			t.Errorf("shown is %q", got)
		}
		send(ada).submit(clash.form("form[data-editor]"), text("Low tide", "For everybody.")) // which says no status
		if got := s.stands(t, post.ID); !strings.HasPrefix(got, "Low tide | For everybody.") {
			t.Errorf("finished, it is %q", got)
		}
	})
}

func TestDetailsThatCannotBeSetAreToldAtTheirFields(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.Post(t, s.store, ada, titled("Taken"))
	fit := dbtest.Post(t, s.store, ada, titled("Low tide"), draft)
	untitled := dbtest.Post(t, s.store, ada, titled(""), draft)
	s.inZone(t, "ada", "Europe/Berlin")
	b := s.as(t, "ada")
	moment := func(date, clock string) url.Values {
		return url.Values{"publish_date": {date}, "publish_time": {clock}}
	}
	for name, c := range map[string]struct {
		post   dbtest.NewPost
		sent   url.Values
		fields []string
		words  string
	}{
		"past":             {fit, moment("2020-01-01", "09:00"), []string{"publish_date"}, "over already"},
		"untitled":         {untitled, moment(later+"-01-01", "09:00"), []string{"publish_date"}, "a title and a text"},
		"no day":           {fit, moment("", "09:00"), []string{"publish_date"}, "Choose a day"},
		"no time":          {fit, moment(later+"-01-01", ""), []string{"publish_time"}, "Choose a time of day"},
		"malformed":        {fit, moment("soon", "later"), []string{"publish_date", "publish_time"}, "no day"},
		"too far":          {fit, moment("2400-01-01", "09:00"), []string{"publish_date"}, "more than ten years ahead"},
		"clocks forward":   {fit, moment("2027-03-28", "02:30"), []string{"publish_time"}, "Clocks go forward"},
		"address taken":    {fit, url.Values{"slug": {"taken"}}, []string{"slug"}, "Another post of yours"},
		"address of signs": {fit, url.Values{"slug": {"!"}}, []string{"slug"}, "a letter or a digit"},
		"NUL":              {fit, url.Values{"slug": {"a\x00"}}, []string{"slug"}, "cannot be kept"},
	} {
		t.Run(name, func(t *testing.T) {
			sent := merged(url.Values{"slug": {""}, "pinned": {"yes"}, "shows_changes": {"yes"}}, c.sent)
			s.keeps(t, func() {
				page := b.post(at(c.post, "/details"), sent).isPage().refuses("#details", c.fields...)
				page.says("#details-"+c.fields[0]+"-problem", c.words)
				part := b.htmx().post(at(c.post, "/details"), sent).isFragment("details").refuses("#details", c.fields...)
				part.has("[name=pinned][checked]")
				for field, values := range maps.All(sent) {
					if field == "pinned" || field == "shows_changes" || field == "slug" && name == "NUL" {
						continue
					}
					if got := part.has("[name="+field+"]").AttrOr("value", ""); got != values[0] {
						t.Errorf("%s comes back as %q, want %q", field, got, values[0])
					}
				}
			})
		})
	}
}

func TestDetailsAreForTheirAuthorAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.Owner(t, s.store, "grace")
	post, gone := dbtest.Post(t, s.store, ada), dbtest.Post(t, s.store, ada, titled("Gone"), deleted)
	b, grace := s.as(t, "ada"), s.as(t, "grace")
	sent := url.Values{"slug": {"other"}, "pinned": {"yes"}}
	s.keeps(t, func() {
		s.visitor(t).get(at(post, "/details")).leadsTo("/login?next=" + url.QueryEscape(at(post, "/details")))
		s.visitor(t).post(at(post, "/details"), sent).wants(http.StatusSeeOther)
		grace.get(at(post, "/details")).wants(http.StatusNotFound).isPage()
		grace.post(at(post, "/details"), sent).wants(http.StatusNotFound)
		grace.htmx().post(at(post, "/details"), sent).wants(http.StatusNotFound)
		for _, missing := range []string{at(gone, "/details"), "/posts/" + uuid.NewString() + "/details", "/posts/x/details"} {
			b.get(missing).wants(http.StatusNotFound).isPage()
			b.post(missing, sent).wants(http.StatusNotFound)
		}
		b.with("Sec-Fetch-Site", "cross-site").post(at(post, "/details"), sent).wants(http.StatusForbidden)
	})
}

func TestOnlyOwnersMakeAPageStandByItself(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"))
	b := s.as(t, "ada")
	b.get(at(post, "/details")).hasNot("[name=page]")
	s.keeps(t, func() {
		b.post(at(post, "/details"), url.Values{"page": {"yes"}}).wants(http.StatusForbidden).isPage()
		b.htmx().post(at(post, "/details"), url.Values{"page": {"yes"}}).wants(http.StatusForbidden)
	})
}

func TestWhatComesBackAfterItsTimeSaysThatItIsADraft(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s := newSite(t)
		post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled("Low tide"), draft)
		dbtest.Exec(t, s.store, "UPDATE posts SET slug = 'low-tide', publish_at = now() - interval '1 hour', deleted_at = now() - interval '2 hours'")
		ada := s.as(t, "ada")
		const words = "The post is back, as a draft: its time to be published went by."
		back := send(ada).post(at(post, "/restoration"), url.Values{"shape": {"binned"}})
		if inPlace {
			back.wants(http.StatusOK).isFragment(articleOf(post)).says(".kept", words)
		} else {
			back.leadsTo("/dashboard")
			ada.get("/dashboard").says("#status .said", words)
		}
		if got := s.due(t, post.ID); got != "never" {
			t.Errorf("it is due %s", got)
		}
	})
}

func TestWritersSeeTimesInTheirZoneAndReadersInUTC(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	late := time.Date(2026, 3, 1, 23, 30, 15, 0, time.UTC)
	post := dbtest.Post(t, s.store, ada, titled("Low tide"), func(p *dbtest.NewPost) { p.WrittenAt = late })
	dbtest.Exec(t, s.store, "UPDATE posts SET updated_at = $1", late)
	s.inZone(t, "ada", "Europe/Berlin")
	b := s.as(t, "ada")
	b.get("/dashboard").says("#"+articleOf(post)+" time", "2 March 2026")
	b.get(at(post, "/edit")).says("[data-state] time", "00:30:15")
	b.get("/@ada/low-tide").says(".byline time", "1 March 2026")
	s.visitor(t).get("/").says("#"+articleOf(post)+" time", "1 March 2026")
}

func TestATimeZoneIsSetWithTheProfile(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s, ada := newAuthor(t)
		page := ada.get("/settings")
		page.has("#profile [name=time_zone][value=UTC][list=zones]")
		page.has("datalist#zones option[value='Europe/Berlin']")
		done := send(ada).submit(page.form("#profile"), url.Values{"time_zone": {"europe/berlin"}})
		if inPlace {
			done.wants(http.StatusOK).isFragment("profile").has("[name=time_zone][value='Europe/Berlin']")
		} else {
			done.leadsTo("/settings?done=profile#profile-part")
		}
		if got := dbtest.One[string](t, s.store, "SELECT time_zone FROM users"); got != "Europe/Berlin" {
			t.Errorf("kept %q", got)
		}
		send(ada).post("/settings/profile", telling("Ada", "")) // says nothing of it
		s.keeps(t, func() {
			refused := send(ada).post("/settings/profile", merged(telling("Eve", ""), url.Values{"time_zone": {"Mars/Olympus"}}))
			refused.refuses("#profile", "time_zone").has("[name=time_zone][value='Mars/Olympus']")
		})
		if got := dbtest.One[string](t, s.store, "SELECT time_zone || display_name FROM users"); got != "Europe/BerlinAda" {
			t.Errorf("kept %q", got)
		}
	})
}
