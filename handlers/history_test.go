package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"miniblog/internal/blog"
	"miniblog/internal/dbtest"
)

// withHistory is a site on which ada has revised a published post, and its history's address.
func withHistory(t *testing.T) (s *site, post dbtest.NewPost, history string) {
	t.Helper()
	s = newSite(t)
	post = dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), func(p *dbtest.NewPost) { p.Title, p.Body = "Low tide", "One  word of it.\n" })
	s.revise(t, post, 1, "High <i>tide</i>", "One\tword & more of it.\n\n <script>\n")
	return s, post, at(post, "/history")
}

func (s *site) revise(t *testing.T, post dbtest.NewPost, base int, title, body string) {
	t.Helper()
	_, err := blog.New(s.store).Revise(t.Context(), blog.Author{ID: post.AuthorID, Username: "ada"}, post.ID, blog.Origin{Base: base},
		blog.Draft{Title: title, Body: body}, blog.Save)
	if err != nil {
		t.Fatal(err)
	}
}

func TestAHistoryListsTheVersionsNewestFirst(t *testing.T) {
	t.Parallel()
	s, post, history := withHistory(t)
	ada := s.as(t, "ada")
	ada.get("/@ada/low-tide").has("article a[href='" + history + "']")
	for _, a := range []*answer{
		ada.get(history).wants(http.StatusOK).isPage(), ada.htmx().get(history).wants(http.StatusOK).isFragment("history"),
	} {
		a.wantsHeader("Cache-Control", "no-store")
		a.says("header a[href='/@ada/low-tide']", "High <i>tide</i>")
		a.lists(2, 1)
		a.says(".version:nth-child(1) .version-title", "High <i>tide</i>")
		a.says(".version:nth-child(1) .byline", "6 words Published")
		a.says(".version:nth-child(2) .byline", "5 words Saved")
		a.hasNot(".version:nth-child(1) form, .comparison, [name=before]")
		a.has(".version:nth-child(2) form[method=post][action='" + history + "/1/restoration']")
		a.wantsChosen("1", "2")
	}
	s.hasVersions(t, post.ID, "1 saved Low tide / One  word of it.\n", "2 saved High <i>tide</i> / One\tword & more of it.\n\n <script>\n")
}

// wantsChosen asserts which two versions are chosen to be compared.
func (a *answer) wantsChosen(from, to string) {
	a.t.Helper()
	for name, want := range map[string]string{"from": from, "to": to} {
		chosen := a.page.Find("input[type=radio][form=compare][name=" + name + "][checked]")
		if got := chosen.AttrOr("value", ""); chosen.Length() != 1 || got != want {
			a.t.Errorf("%s is version %q (%d chosen), want %s", name, got, chosen.Length(), want)
		}
	}
}

func TestAPostOfOneVersionHasNothingToCompare(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	post := dbtest.Post(t, s.store, dbtest.User(t, s.store, "ada"), titled(""), draft)
	page := s.as(t, "ada").get(at(post, "/history")).wants(http.StatusOK).isPage()
	page.says(".version .version-title", "Untitled draft")
	page.says(".version .badge", "Current")
	page.hasNot("main input, main form, .compare")
}

func TestTwoVersionsAreComparedToTheBlank(t *testing.T) {
	t.Parallel()
	s, _, history := withHistory(t)
	ada := s.as(t, "ada")
	for _, get := range []func(string) *answer{ada.get, ada.htmx().get} {
		to := get(history + "?from=1&to=2").wants(http.StatusOK)
		to.says("h2", "From version 1 to version 2")
		to.wantsChanges("<del>Low</del><ins>High</ins> <ins>&lt;i&gt;</ins>tide<ins>&lt;/i&gt;</ins>",
			"One<del>  </del><ins>\t</ins>word <ins>&amp; more </ins>of it.\n<ins>\n &lt;script&gt;\n</ins>")
		to.wantsChosen("1", "2")
		to.hasNot("main script, main i, .comparison .hint")
		back := get(history + "?from=2&to=1").wants(http.StatusOK)
		back.wantsChanges("<del>High</del><ins>Low</ins> <del>&lt;i&gt;</del>tide<del>&lt;/i&gt;</del>",
			"One<del>\t</del><ins>  </ins>word <del>&amp; more </del>of it.\n<del>\n &lt;script&gt;\n</del>")
		same := get(history + "?from=2&to=2").wants(http.StatusOK)
		same.wantsChanges("High &lt;i&gt;tide&lt;/i&gt;", "One\tword &amp; more of it.\n\n &lt;script&gt;\n")
		same.says(".comparison .hint", "Both have the same text.")
	}
}

func TestAHistoryIsAskedForInVain(t *testing.T) {
	t.Parallel()
	s, post, history := withHistory(t)
	dbtest.User(t, s.store, "bob")
	ada, bob := s.as(t, "ada"), s.as(t, "bob")
	s.keeps(t, func() {
		for _, c := range []struct {
			who  *browser
			path string
		}{
			{bob, history}, {bob, history + "?from=1&to=2"},
			{ada, "/posts/" + uuid.NewString() + "/history"}, {ada, "/posts/7/history"},
			{ada, history + "?from=1&to=3"}, {ada, history + "?from=99999999999&to=1"}, {ada, history + "?before=2&from=3&to=1"},
			{ada, history + "/"}, {ada, history + "/1"}, {ada, history + "/1/restoration/"},
		} {
			c.who.get(c.path).wants(http.StatusNotFound).isPage()
			c.who.htmx().get(c.path).wants(http.StatusNotFound).has(".wrong")
		}
		for _, c := range []struct {
			who  *browser
			path string
		}{
			{bob, history + "/1"}, {ada, at(dbtest.NewPost{ID: uuid.New()}, "/history/1")}, {ada, "/posts/7/history/1"},
			{ada, history + "/0"}, {ada, history + "/3"}, {ada, history + "/-1"}, {ada, history + "/one"}, {ada, history + "/99999999999"},
		} {
			c.who.post(c.path+"/restoration", url.Values{}).wants(http.StatusNotFound).isPage()
			c.who.htmx().post(c.path+"/restoration", url.Values{}).wants(http.StatusNotFound).has(".wrong")
		}
		ada.with("Sec-Fetch-Site", "cross-site").post(history+"/1/restoration", url.Values{}).wants(http.StatusForbidden)
		s.visitor(t).get(history).leadsTo("/login?next=" + url.QueryEscape(history))
		s.visitor(t).post(history+"/1/restoration", url.Values{}).wants(http.StatusSeeOther)
		s.visitor(t).htmx().post(history+"/1/restoration", url.Values{}).wants(http.StatusUnauthorized).isFragment("login-again")
		// A number that is none is not asked for.
		for _, query := range []string{"?before=x", "?before=-1", "?from=1", "?from=one&to=two", "?from=0&to=0", "?from=-1&to=1", "?from=%00&to=%ff"} {
			a := ada.get(history + query).wants(http.StatusOK).isPage()
			a.wantsChosen("1", "2")
			a.hasNot(".comparison")
		}
	})
	if got := s.stands(t, post.ID); got == "" {
		t.Error("the post is gone")
	}
}

func TestRestoringMakesAnOldTextTheNewest(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s, post, history := withHistory(t)
		ada := s.as(t, "ada")
		form := ada.get(history).form(".version form")
		restore := func() {
			if done := send(ada).submit(form, nil); inPlace {
				done.goesOn(history)
			} else {
				done.leadsTo(history)
			}
		}
		restore()
		if got := s.stands(t, post.ID); got != "Low tide | One  word of it.\n | version 3 | low-tide | published" {
			t.Errorf("kept %q", got)
		}
		s.keeps(t, restore) // again
		s.hasVersions(t, post.ID, "1 saved Low tide / One  word of it.\n", "2 saved High <i>tide</i> / One\tword & more of it.\n\n <script>\n",
			"3 saved Low tide / One  word of it.\n")
		ada.get(history).says(".version:nth-child(1) .badge", "Published")
	})
}

func TestATextThatMayNotBeShownIsRestoredInTheEditor(t *testing.T) {
	t.Parallel()
	s, ada := newAuthor(t)
	form := ada.get("/new").form("form[data-editor]")
	id := idIn(t, form)
	ada.submit(form, merged(text("Low tide", ""), asDraft)).leadsTo("/dashboard")
	edit := ada.get("/posts/" + id.String() + "/edit").form("form[data-editor]")
	ada.submit(edit, merged(text("High tide", "Text."), published)).leadsTo("/@ada/high-tide")
	restore := "/posts/" + id.String() + "/history/1/restoration"
	s.keeps(t, func() {
		page := ada.post(restore, url.Values{}).refuses("#post-"+id.String(), "body").isPage()
		if shown := page.form("form[data-editor]").fields; shown.Get("title") != "Low tide" || shown.Get("body") != "" || shown.Get("version") != "2" {
			t.Errorf("the editor holds %v", shown)
		}
		ada.htmx().post(restore, url.Values{}).refuses("#post-"+id.String(), "body").isFragment("post-" + id.String())
	})
}

func TestTheHistoryOfADeletedPostIsReadAndLeadsToTheDeletedOnes(t *testing.T) {
	t.Parallel()
	s, post, history := withHistory(t)
	dbtest.Exec(t, s.store, "UPDATE posts SET deleted_at = '2026-11-22 12:00+0' WHERE id = $1", post.ID)
	ada := s.as(t, "ada")
	for _, a := range []*answer{
		ada.get(history + "?from=1&to=2").wants(http.StatusOK).isPage(),
		ada.htmx().get(history + "?from=1&to=2").wants(http.StatusOK).isFragment("history"),
	} {
		a.says(".deleted p", "This post is deleted. It is kept until 22 December 2026, under Deleted.")
		a.has(".deleted a[href='/dashboard/deleted']")
		a.says("header .byline", "High <i>tide</i>")
		a.hasNot(".version form, a[href*='/@ada'], a[href*='/edit'], [role=alert]")
		a.says(".version:nth-child(1) .badge", "Current")
		a.has(".comparison ins")
	}
	ada.submit(ada.get(history).form(".deleted form"), nil).leadsTo("/@ada/low-tide")
	back := ada.get(history).wants(http.StatusOK)
	back.hasNot(".deleted")
	back.has(".version form")
}

// The page is older than the deletion: nothing is restored over the author's head.
func TestAnOldTextDoesNotReturnBeforeItsPost(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send func(*browser) *browser, inPlace bool) {
		s, post, history := withHistory(t)
		ada := s.as(t, "ada")
		old := ada.get(history).form(".version form")
		ada.post(at(post, "/deletion"), url.Values{}).wants(http.StatusSeeOther)
		var refused *answer
		s.keeps(t, func() { refused = send(ada).submit(old, nil).wants(http.StatusConflict) })
		if inPlace {
			refused.isFragment("history")
		} else {
			refused.isPage()
		}
		refused.says("[role=alert]", "Nothing was changed: this post was deleted. Restore it, and then the version.")
		refused.lists(2, 1)
		ada.submit(refused.form("[role=alert] form"), nil).leadsTo("/@ada/low-tide")
		ada.submit(old, nil).leadsTo(history)
		if got := s.stands(t, post.ID); got != "Low tide | One  word of it.\n | version 3 | low-tide | published" {
			t.Errorf("kept %q", got)
		}
	})
}

func TestALongHistoryIsPagedAndAnyTwoAreCompared(t *testing.T) {
	t.Parallel()
	s, post, history := withHistory(t)
	for n := 3; n <= 53; n++ {
		s.revise(t, post, n-1, "Low tide", fmt.Sprint("text ", n))
	}
	ada := s.as(t, "ada")
	first := ada.get(history).wants(http.StatusOK)
	first.lists(53, 4)
	older := first.has("button[form=compare][name=before]").AttrOr("value", "")
	second := ada.get(history + "?from=52&to=53&before=" + older).wants(http.StatusOK).isPage()
	second.lists(53, 52, 3, 2, 1) // the chosen ones stay at hand
	second.wantsChosen("52", "53")
	second.hasNot("[name=before], .comparison")
	across := ada.get(history + "?from=1&to=53").wants(http.StatusOK)
	across.lists(53, 4, 1)
	across.wantsChosen("1", "53")
	across.wantsChanges("Low tide", "<del>One  word of it.\n</del><ins>text 53</ins>")
	ada.get(history+"?before="+older).lists(3, 2, 1)
	ada.get(history + "?before=1").wants(http.StatusOK).isPage().hasNot(".version")
}

// lists asserts the numbers of the versions listed; 53, 4 stands for all from 53 to 4.
func (a *answer) lists(numbers ...int) {
	a.t.Helper()
	var want []int
	for i, n := range numbers {
		if i > 0 && numbers[i-1] == 53 && n == 4 {
			for between := 52; between > 4; between-- {
				want = append(want, between)
			}
		}
		want = append(want, n)
	}
	var got []int
	a.page.Find(".version .byline span:first-child").Each(func(_ int, number *goquery.Selection) {
		n, err := strconv.Atoi(strings.TrimPrefix(number.Text(), "Version "))
		if err != nil {
			a.t.Error(err)
		}
		got = append(got, n)
	})
	if fmt.Sprint(got) != fmt.Sprint(want) {
		a.t.Errorf("the versions are %v, want %v", got, want)
	}
}
