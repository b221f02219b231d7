package handlers_test

import (
	"encoding/json"
	"encoding/xml"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"miniblog/internal/dbtest"
)

// published publishes a post by its form and returns its id.
func (b *browser) published(title, body, tags string) string {
	b.t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	b.post("/posts", url.Values{"id": {id}, "title": {title}, "body": {body}, "tags": {tags}, "status": {"published"}}).wants(http.StatusSeeOther)
	return id
}

// told is what a feed tells, in either format.
type told struct {
	title, home, self, updated string
	posts                      []toldPost
}

type toldPost struct{ id, url, title, html, author, published, changed, tags string }

func readAtom(t *testing.T, body string) (got told) {
	t.Helper()
	type link struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr"`
		Href string `xml:"href,attr"`
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Links   []link   `xml:"link"`
		Entries []struct {
			ID         string `xml:"id"`
			Title      string `xml:"title"`
			Link       link   `xml:"link"`
			Content    string `xml:"content"`
			Author     string `xml:"author>name"`
			Published  string `xml:"published"`
			Updated    string `xml:"updated"`
			Categories []struct {
				Label string `xml:"label,attr"`
			} `xml:"category"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(body), &feed); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	got = told{title: feed.Title, updated: feed.Updated, self: feed.Links[0].Href, home: feed.Links[1].Href}
	for _, e := range feed.Entries {
		var tags []string
		for _, category := range e.Categories {
			tags = append(tags, category.Label)
		}
		got.posts = append(got.posts, toldPost{e.ID, e.Link.Href, e.Title, e.Content, e.Author, e.Published, e.Updated, strings.Join(tags, ",")})
	}
	return got
}

func readJSON(t *testing.T, body string) (got told) {
	t.Helper()
	var feed struct {
		Title string `json:"title"`
		Home  string `json:"home_page_url"`
		Self  string `json:"feed_url"`
		Items []struct {
			ID        string `json:"id"`
			URL       string `json:"url"`
			Title     string `json:"title"`
			HTML      string `json:"content_html"`
			Published string `json:"date_published"`
			Modified  string `json:"date_modified"`
			Authors   []struct {
				Name string `json:"name"`
			} `json:"authors"`
			Tags []string `json:"tags"`
		} `json:"items"`
	}
	if err := json.Unmarshal([]byte(body), &feed); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	got = told{title: feed.Title, self: feed.Self, home: feed.Home}
	for _, item := range feed.Items {
		got.posts = append(got.posts, toldPost{
			item.ID, item.URL, item.Title, item.HTML, item.Authors[0].Name, item.Published, item.Modified, strings.Join(item.Tags, ","),
		})
	}
	return got
}

// formats are how feeds end, what they are sent as, and how they are read.
var formats = map[string]struct {
	contentType string
	read        func(*testing.T, string) told
}{
	"feed.atom": {"application/atom+xml; charset=utf-8", readAtom},
	"feed.json": {"application/feed+json", readJSON},
}

func titlesOf(got told) (titles []string) {
	for _, post := range got.posts {
		titles = append(titles, post.title)
	}
	return titles
}

func TestFeedsTellTheNewestPostsWithTheirWholeTexts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	dbtest.User(t, s.store, "bob")
	dbtest.Exec(t, s.store, "UPDATE users SET display_name = 'Ada <Lovelace>' WHERE username = 'ada'")
	ada, bob := s.as(t, "ada"), s.as(t, "bob")
	bob.published("From bob", "Plain.", "Sea")
	id := ada.published("Tides & times", "See [bob](/@bob) and **more**.\n\nA second paragraph.", "Tide & time, Sea")
	ada.post("/posts", url.Values{"id": {uuid.NewString()}, "title": {"Draft"}, "body": {"D"}, "tags": {"Sea"}, "status": {"draft"}}).wants(http.StatusSeeOther)
	for name, format := range formats {
		for folder, want := range map[string]struct {
			title, home string
			posts       []string
		}{
			"/":          {"Harbour Notes", "/", []string{"Tides & times", "From bob"}},
			"/@ada/":     {"Ada <Lovelace> · Harbour Notes", "/@ada", []string{"Tides & times"}},
			"/@bob/":     {"bob · Harbour Notes", "/@bob", []string{"From bob"}},
			"/tags/sea/": {"Sea · Harbour Notes", "/tags/sea", []string{"Tides & times", "From bob"}},
		} {
			a := s.visitor(t).get(folder+name).wants(http.StatusOK).wantsHeader("Content-Type", format.contentType)
			a.wantsHeader("Cache-Control", "no-cache").wantsHeader("Set-Cookie", "")
			got := format.read(t, a.body)
			if got.title != want.title || got.home != s.url+want.home || got.self != s.url+folder+name {
				t.Errorf("%s%s is %q of %s at %s", folder, name, got.title, got.home, got.self)
			}
			if !slices.Equal(titlesOf(got), want.posts) {
				t.Errorf("%s%s tells %q, want %q", folder, name, titlesOf(got), want.posts)
			}
		}
		post := format.read(t, s.visitor(t).get("/@ada/"+name).body).posts[0]
		at := dbtest.One[time.Time](t, s.store, "SELECT published_at FROM posts WHERE id = $1", uuid.MustParse(id)).UTC().Format(time.RFC3339)
		want := toldPost{"urn:uuid:" + id, s.url + "/@ada/tides-times", "Tides & times", "", "Ada <Lovelace>", at, at, "Tide & time,Sea"}
		html := post.html
		if post.html = ""; post != want {
			t.Errorf("%s tells %+v, want %+v", name, post, want)
		}
		for _, part := range []string{`href="` + s.url + `/@bob"`, "<strong>more</strong>", "A second paragraph."} {
			if !strings.Contains(html, part) {
				t.Errorf("%s: the text lacks %q: %s", name, part, html)
			}
		}
	}
}

func TestAFeedHoldsTwentyPosts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	fill(t, s, dbtest.User(t, s.store, "ada"))
	for name, format := range formats {
		if got := format.read(t, s.visitor(t).get("/"+name).body); len(got.posts) != 20 {
			t.Errorf("%s holds %d", name, len(got.posts))
		}
	}
}

// known are what a client sends to be told only of what is new.
func known(a *answer) map[string]http.Header {
	return map[string]http.Header{
		"by ETag":                    {"If-None-Match": {a.Header.Get("ETag")}},
		"by one of several":          {"If-None-Match": {`"x", ` + strings.TrimPrefix(a.Header.Get("ETag"), "W/") + `, W/"y"`}},
		"by any":                     {"If-None-Match": {"*"}},
		"by time":                    {"If-Modified-Since": {a.Header.Get("Last-Modified")}},
		"by ETag, with another time": {"If-None-Match": {a.Header.Get("ETag")}, "If-Modified-Since": {"Thu, 01 Jan 2015 00:00:00 GMT"}},
	}
}

func (b *browser) withAll(header http.Header) *browser {
	copied := *b
	copied.header = b.header.Clone()
	maps.Copy(copied.header, header)
	return &copied
}

func TestAFeedThatIsKnownIsNotSentAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	s.as(t, "ada").published("First", "Text.", "Sea")
	for name := range formats {
		for _, folder := range []string{"/", "/@ada/", "/tags/sea/"} {
			b := s.visitor(t).with("Accept-Encoding", "identity") // Go unpacks the rest unasked, and then knows no length
			first := b.get(folder + name).wants(http.StatusOK)
			if !strings.HasPrefix(first.Header.Get("ETag"), `W/"`) || first.Header.Get("Last-Modified") == "" {
				t.Fatalf("%s%s: %v", folder, name, first.Header)
			}
			for how, header := range known(first) {
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					again := b.withAll(header).do(method, folder+name, nil).wants(http.StatusNotModified)
					again.wantsHeader("ETag", first.Header.Get("ETag")).wantsHeader("Cache-Control", "no-cache")
					if again.body != "" {
						t.Errorf("%s %s%s %s: it is sent: %s", method, folder, name, how, again.body)
					}
				}
			}
			for how, header := range map[string]http.Header{
				"another ETag":                {"If-None-Match": {`W/"x"`}},
				"another ETag, the same time": {"If-None-Match": {`"x"`}, "If-Modified-Since": {first.Header.Get("Last-Modified")}},
				"an older time":               {"If-Modified-Since": {"Thu, 01 Jan 2015 00:00:00 GMT"}},
				"no time":                     {"If-Modified-Since": {"yesterday"}},
			} {
				if b.withAll(header).get(folder+name).wants(http.StatusOK).body != first.body {
					t.Errorf("%s%s with %s is another", folder, name, how)
				}
			}
			head := b.do(http.MethodHead, folder+name, nil).wants(http.StatusOK)
			for _, same := range []string{"ETag", "Last-Modified", "Content-Type", "Content-Length"} {
				head.wantsHeader(same, first.Header.Get(same))
			}
		}
	}
}

func TestAChangedFeedIsSentAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	id := ada.published("First", "Text.", "Sea")
	ada.published("Second", "Text.", "Sea")
	dbtest.Exec(t, s.store, "UPDATE posts SET published_at = published_at - interval '1 hour', updated_at = updated_at - interval '1 hour'")
	for step, change := range map[string]func(){
		"revised": func() {
			ada.post("/posts/"+id, url.Values{"version": {"1"}, "title": {"Changed"}, "body": {"Other."}, "tags": {"Sea"}})
		},
		"a rename": func() { dbtest.Exec(t, s.store, "UPDATE users SET display_name = 'Countess' WHERE username = 'ada'") },
	} {
		before := map[string]*answer{}
		for name := range formats {
			before[name] = s.visitor(t).get("/" + name)
		}
		change()
		for name := range formats {
			after := s.visitor(t).with("If-None-Match", before[name].Header.Get("ETag")).get("/" + name).wants(http.StatusOK)
			if after.body == before[name].body {
				t.Errorf("%s: %s did not change", step, name)
			}
		}
	}
	for name, format := range formats {
		a := s.visitor(t).get("/" + name)
		got := format.read(t, a.body)
		i := slices.IndexFunc(got.posts, func(p toldPost) bool { return p.id == "urn:uuid:"+id })
		if i < 0 || got.posts[i].title != "Changed" || got.posts[i].changed == got.posts[i].published {
			t.Errorf("%s tells %+v", name, got.posts)
		}
	}
}

// TestAChangedFeedIsSentAgainToWhoKnowsATimeAlone changes what leaves the times of the newest post as they are.
func TestAChangedFeedIsSentAgainToWhoKnowsATimeAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	id := ada.published("Older", "Text.", "Sea")
	ada.published("Newest", "Text.", "Sea")
	dbtest.Exec(t, s.store, "UPDATE posts SET published_at = published_at - interval '1 hour', updated_at = updated_at - interval '1 hour' WHERE title = 'Older'")
	path := "/feed.atom"
	first := s.visitor(t).get(path).wants(http.StatusOK)
	since := first.Header.Get("Last-Modified")
	s.visitor(t).with("If-Modified-Since", since).get(path).wants(http.StatusNotModified)
	for _, change := range []func(){
		func() { dbtest.Exec(t, s.store, "UPDATE users SET display_name = 'Countess' WHERE username = 'ada'") },
		func() { dbtest.Exec(t, s.store, "UPDATE posts SET slug = 'other' WHERE title = 'Older'") },
		func() { ada.post("/posts/"+id+"/deletion", nil).wants(http.StatusSeeOther) },
	} {
		change()
		a := s.visitor(t).with("If-Modified-Since", since).get(path).wants(http.StatusOK)
		if now := a.Header.Get("Last-Modified"); now == since {
			t.Errorf("it was last modified %s, as before", now)
		}
	}
}

func TestAFeedOfLongTextsHasTheNewestAndLeadsToTheOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	long := strings.Repeat("word & ", 60_000)
	for _, title := range []string{"1", "2", "3"} {
		ada.published(title, "It begins "+title+". "+long, "")
	}
	ada.published("4", "Short.", "")
	dbtest.Exec(t, s.store, "UPDATE posts SET published_at = published_at - interval '1 hour' * (5 - title::int)")
	for name, format := range formats {
		a := s.visitor(t).get("/" + name).wants(http.StatusOK)
		got := format.read(t, a.body)
		if len(got.posts) != 4 || len(a.body) > 3<<20 {
			t.Fatalf("%s tells %d posts in %d bytes", name, len(got.posts), len(a.body))
		}
		for i, whole := range []bool{true, true, false, false} {
			post := got.posts[i]
			led := strings.Contains(post.html, `<a href="`+post.url+`">Read the whole post</a>`)
			begins := i == 0 || strings.Contains(post.html, "It begins "+post.title)
			if led == whole || !begins || !whole && len(post.html) > 2_000 {
				t.Errorf("%s: of post %s it has %d bytes, led on: %v", name, post.title, len(post.html), led)
			}
		}
	}
}

func TestADeletedPostLeavesTheFeedsAndComesBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	ada.published("Stays", "Text.", "Sea")
	id := ada.published("Goes", "Text.", "Sea")
	dbtest.Exec(t, s.store, "UPDATE posts SET published_at = published_at - interval '1 hour', updated_at = updated_at - interval '1 hour' WHERE title = 'Stays'")
	for name, format := range formats {
		for _, folder := range []string{"/", "/@ada/", "/tags/sea/"} {
			first := s.visitor(t).get(folder + name)
			ada.post("/posts/"+id+"/deletion", nil).wants(http.StatusSeeOther)
			// Also to who knows only the time of what has left.
			for _, header := range []http.Header{{"If-None-Match": first.Header["Etag"]}, {"If-Modified-Since": first.Header["Last-Modified"]}} {
				left := s.visitor(t).withAll(header).get(folder + name).wants(http.StatusOK)
				if titles := titlesOf(format.read(t, left.body)); !slices.Equal(titles, []string{"Stays"}) {
					t.Errorf("%s%s tells %q", folder, name, titles)
				}
			}
			ada.post("/posts/"+id+"/restoration", nil).wants(http.StatusSeeOther)
			if back := s.visitor(t).get(folder + name); back.body != first.body {
				t.Errorf("%s%s is another than before", folder, name)
			}
		}
	}
}

func TestNoFeedTellsWhatIsNotPublished(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	dbtest.Post(t, s.store, ada, titled("Draft"), draft)
	dbtest.Post(t, s.store, ada, titled("Deleted"), deleted)
	dbtest.Post(t, s.store, ada, titled("Scheduled"), draft)
	dbtest.Post(t, s.store, ada, titled("Page"))
	dbtest.Exec(t, s.store, "UPDATE posts SET tags = '{Sea}', tag_slugs = '{sea}'")
	dbtest.Exec(t, s.store, "UPDATE posts SET slug = 'scheduled', publish_at = now() + interval '1 day' WHERE title = 'Scheduled'")
	dbtest.Exec(t, s.store, "UPDATE posts SET page = true WHERE title = 'Page'")
	for name, format := range formats {
		for _, folder := range []string{"/", "/@ada/"} {
			for _, b := range []*browser{s.visitor(t), s.as(t, "ada")} {
				a := b.get(folder + name).wants(http.StatusOK)
				if got := format.read(t, a.body); len(got.posts) != 0 {
					t.Errorf("%s%s tells %+v", folder, name, got.posts)
				}
			}
		}
		s.visitor(t).get("/tags/sea/" + name).wants(http.StatusNotFound)
	}
}

func TestAFeedOfNobodyOrNothingIsNotFound(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := dbtest.User(t, s.store, "ada")
	tags(t, s, dbtest.Post(t, s.store, ada), "{Tide & time}", "{tide-time}")
	for name := range formats {
		for _, path := range []string{"/@eve/", "/@%00/", "/@%ff/", "/tags/nothing/", "/tags/%00/", "/tags//", "/tags/%2f/", "/@ada/x/"} {
			s.visitor(t).get(path + name).wants(http.StatusNotFound).isPage()
		}
	}
	dbtest.Exec(t, s.store, "UPDATE users SET username = 'countess' WHERE id = $1", ada)
	for name := range formats {
		for _, old := range []string{"/@ADA/", "/@ada/", "/@Countess/"} {
			s.visitor(t).get(old+name).wants(http.StatusMovedPermanently).wantsHeader("Location", "/@countess/"+name)
		}
		s.visitor(t).get("/@countess/" + name).wants(http.StatusOK)
		s.visitor(t).get("/tags/Tide%20%26%20Time/"+name).wants(http.StatusMovedPermanently).wantsHeader("Location", "/tags/tide-time/"+name)
	}
}

func TestAFeedComesCompressed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	s.as(t, "ada").published("Long", strings.Repeat("Every harbour keeps two clocks. ", 100), "")
	whole := s.visitor(t).with("Accept-Encoding", "identity").get("/feed.atom").wants(http.StatusOK)
	small := s.visitor(t).with("Accept-Encoding", "br").get("/feed.atom").wants(http.StatusOK).wantsHeader("Content-Encoding", "br")
	if plainOf(t, "br", small.body) != whole.body || len(small.body) >= len(whole.body) {
		t.Errorf("%d bytes became %d", len(whole.body), len(small.body))
	}
	small.wantsHeader("ETag", whole.Header.Get("ETag"))
}

// TestFeedsOfABlogAreValidBySchema holds whole feeds, as they are sent, to RFC 4287 and JSON Feed 1.1.
func TestFeedsOfABlogAreValidBySchema(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dbtest.User(t, s.store, "ada")
	ada := s.as(t, "ada")
	ada.published("A long one", long, "Tide & time")
	ada.published("\u202eשלום & <b>\"x\"</b>\u0001", "Text \u000b [x](<javascript:alert(1)>) <script>1</script> ![a](b.png)", "")
	const schemas = "../internal/feed/testdata/"
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema := compiler.MustCompile(schemas + "jsonfeed-1.1.schema.json")
	for _, folder := range []string{"/", "/@ada/", "/tags/tide-time/"} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(s.visitor(t).get(folder + "feed.json").wants(http.StatusOK).body))
		if err == nil {
			err = schema.Validate(value)
		}
		if err != nil {
			t.Errorf("%sfeed.json: %v", folder, err)
		}
		file := filepath.Join(t.TempDir(), "feed.atom")
		if err := os.WriteFile(file, []byte(s.visitor(t).get(folder+"feed.atom").wants(http.StatusOK).body), 0o644); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.Command("jing", "-c", schemas+"atom.rnc", file).CombinedOutput(); err != nil {
			t.Errorf("%sfeed.atom: %v (sh tools/provide.sh installs jing)\n%s", folder, err, said)
		}
	}
}
