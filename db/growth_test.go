package db_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"miniblog/db"
	"miniblog/internal/dbtest"
)

// proportional are the queries that cost as much as there is of something, and why they may. Those that are asked all the same
// still go along indexes.
var proportional = map[string]string{
	"AddMissingVersions":  "the demo adds all its versions at once",
	"AnalyzeBlog":         "the demo has the planner look at all that it has made",
	"BinPostsOf":          "with an account goes all that it wrote",
	"CopyPosts":           "the demo adds all its posts at once, by COPY",
	"ListPeople":          "owners see how many posts each of a page of people has",
	"ListUsers":           "miniblog user list says how many posts each account has",
	"MergedSince":         "looks at what was saved since the text that a save began from",
	"PersonByID":          "owners see how many posts somebody has",
	"PostsToKeep":         "who takes along what they wrote gets all of it",
	"RevokeInvitationsOf": "who is no owner any more leaves no invitation",
	"SearchAlike":         "what is like a word in part is found by its trigrams: Searching gives that a second, db/plans_search_test.go looks at it",
	"SentLately":          "reads the mails of the last hour, which the throttle bounds",
	"SitemapAuthors":      "a sitemap passes the accounts that have written nothing, each once",
	"SitemapCuts":         "a sitemap of many parts counts all addresses, every ten minutes at most",
	"ThinVersions":        "the day's thinning looks at all old autosaves, beside everything else",
}

// ownPlans are the queries that PostgreSQL plans anew for their arguments each time, and why that is right.
var ownPlans = map[string]string{
	"BinPostsOf":      someoneMuch,
	"ListDeleted":     someoneMuch,
	"PostsToKeep":     someoneMuch,
	"FeedTexts":       asManyAsNamed,
	"KnownUsers":      asManyAsNamed,
	"LiveLinks":       asManyAsNamed,
	"SetJoined":       asManyAsNamed,
	"ListEvents":      fewAsk,
	"ListMail":        fewAsk,
	"ListInvitations": fewAsk,
	"ListPeople":      fewAsk,
	"ListUsers":       fewAsk,
	"SitemapAuthors":  inParts,
	"SitemapPosts":    inParts,
	"StaleReadings":   inParts,
	"NewestSince":     searching,
	"SearchAlike":     searching,
	"SearchDrafts":    searching,
	"SearchPosts":     searching,
}

const (
	someoneMuch   = "one account may have much of it, and most have little"
	asManyAsNamed = "it reads as many rows as are named, which PostgreSQL otherwise takes to be ten"
	fewAsk        = "owners alone ask for it, now and then"
	inParts       = "it is read in large parts, now and then"
	searching     = "Searching demands it: a common word is found otherwise than a rare one"
)

// growthBound is how many times the pages of memory that a query reads may grow while the posts
// grow a hundredfold: an index then has a level more. A few pages more are always let pass.
const (
	growthBound = 1.5
	fewPages    = 20
)

// TestNoQueryCostsMoreInALargerBlog explains and runs every query in a blog of ten thousand posts and in one of a million:
// with the plan for its own arguments, which the first runs have, and with the one that PostgreSQL settles on.
func TestNoQueryCostsMoreInALargerBlog(t *testing.T) {
	t.Parallel()
	all := asks{}
	for _, some := range []asks{growthReads, growthPeople, growthWrites, growthMembers} {
		maps.Copy(all, some)
	}
	hasEveryQuery(t, all)
	few, million := dbtest.Store(t), dbtest.Store(t)
	grow(t, few, fewPosts)
	grow(t, million, millionPosts)
	for _, settled := range []bool{false, true} {
		inFew, inMillion := explain(t, few, "auto"), explain(t, million, "auto")
		inFew.settled, inMillion.settled = settled, settled
		for _, name := range slices.Sorted(maps.Keys(all)) {
			for _, e := range []*explainer{inFew, inMillion} {
				if err := all[name](t.Context(), e.queries()); err != nil && !db.IsNone(err) {
					t.Fatalf("%s: %v", name, err)
				}
			}
			inMillion.wantsNoScan(name)
			if inMillion.compiled {
				t.Errorf("%s (settled: %v) is compiled first:\n%s", name, settled, inMillion.plan)
			}
			if proportional[queryOf(name)] == "" {
				inMillion.costsAsIn(inFew, name)
			}
			if settled && !inMillion.generic && ownPlans[queryOf(name)] == "" {
				t.Errorf("%s is planned anew each time:\n%s", name, inMillion.plan)
			}
		}
	}
}

// hasEveryQuery asserts that each query of the program is among those that are asked, or is said to be proportional.
func hasEveryQuery(t *testing.T, all asks) {
	t.Helper()
	asked := map[string]bool{}
	for name := range all {
		asked[queryOf(name)] = true
	}
	queries := reflect.TypeFor[*db.Queries]()
	for i := range queries.NumMethod() {
		name := queries.Method(i).Name
		if name != "WithTx" && !asked[name] && proportional[name] == "" {
			t.Errorf("%s: it must be asked here, or be among those that may cost as much as there is", name)
		}
	}
}

// queryOf is the query's name, without what is special about how it is asked.
func queryOf(name string) string {
	query, _, _ := strings.Cut(name, " ")
	return strings.TrimSuffix(query, ",")
}

// costsAsIn asserts that the query reads about as much as in a smaller blog.
func (e *explainer) costsAsIn(few *explainer, query string) {
	e.t.Helper()
	pages, before := e.plan.Hit+e.plan.Read, few.plan.Hit+few.plan.Read
	if pages > growthBound*before+fewPages || e.rows > growthBound*few.rows+fewPages {
		e.t.Errorf("%s (settled: %v): %g pages and %g rows, and in the smaller blog %g and %g; its plan is\n%sand was\n%s",
			query, e.settled, pages, e.rows, before, few.rows, e.plan, few.plan)
	}
}
