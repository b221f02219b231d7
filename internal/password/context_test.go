package password

import (
	"errors"
	"strings"
	"testing"
)

func TestAPasswordOfItsContextIsRefused(t *testing.T) {
	t.Parallel()
	ada := Context{Username: "ada-l", Email: "augusta.king+blog@analytical-engines.example", Blog: "Notes from the Loom"}
	mini := Context{Username: "jo_", Email: "jo@example.org", Blog: "Mini Blog"}
	for _, c := range []struct {
		pw    string
		about Context
		want  Rule // 0: accepted
	}{
		{"who is ADA-L here", ada, ContainsUsername},
		{"ａｄａ-ｌ was here", ada, ContainsUsername},
		{"seven Augusta.King herons", ada, ContainsEmail},
		{"augustaking1843", ada, ContainsEmail},
		{"mail jo@example.org now", mini, ContainsEmail},
		{"notes from the loom 1843", ada, ContainsTitle},
		{"NotesFromTheLoom!", ada, ContainsTitle},
		{"my notes-from-the-loom key", ada, ContainsTitle},
		{"miniblog seven grey herons", mini, ContainsTitle},
		{"mini blog seven grey herons", mini, ContainsTitle},
		{"Mini_Blog seven grey herons", mini, ContainsTitle},

		{"augusta1815", ada, OnlyContext},
		{"king augusta!", ada, OnlyContext},
		{"loomloomloom", ada, OnlyContext},
		{"loom & notes & 1", ada, OnlyContext},
		{"AnalyticalEngines", ada, OnlyContext},
		{"blog blog mini", mini, OnlyContext},
		{"blogblogblog", mini, OnlyContext},
		{"123 mini $$$ <>", mini, OnlyContext},
		{"example12345", mini, OnlyContext},
		{"my loom my", ada, 0},
		{"my blog my", mini, 0},

		{"a blog about grey herons", mini, 0},
		{"blogging at midnight", mini, 0},
		{"an example of owls", mini, 0},
		{"the loom has seven herons", ada, 0},
		{"jo was here too", mini, 0},
		{"loom 🐎🐎🐎🐎", ada, 0},
		{"836250174029", ada, 0},
		{"        ", mini, 0},
		{"seven grey herons", Context{}, 0},
		{"notes of a summer", Context{Blog: "Notes"}, 0},
		{"notes1843!", Context{Blog: "Notes"}, OnlyContext},
		{"日記日記日記日記", Context{Blog: "私の日記"}, 0},
		{"私の日記1234", Context{Blog: "私の日記"}, OnlyContext},
		{"grüße-aus-köln", Context{Blog: "Grüße aus Köln"}, ContainsTitle},
		{"seven grey herons", Context{Email: "@", Blog: "???"}, 0},
		{"seven grey herons", Context{Username: strings.Repeat("seven ", 1<<20)}, 0},
		{"password1", mini, Common},
	} {
		err := Check(c.pw, c.about, 8)
		problem, _ := errors.AsType[*Problem](err)
		switch {
		case c.want == 0 && err != nil:
			t.Errorf("%q is refused: %v", c.pw, err)
		case c.want != 0 && (problem == nil || problem.Rule != c.want):
			t.Errorf("%q: %v, want rule %d", c.pw, err, c.want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("seven grey herons", "ada", "ada@example.org", "Mini Blog")
	f.Add("\u0130\u0130\u0130\u0130 \xff", "İ", "+@", "\u0301")
	f.Fuzz(func(t *testing.T, pw, username, email, title string) {
		err := Check(pw, Context{username, email, title}, 8)
		if _, ok := errors.AsType[*Problem](err); err != nil && !ok {
			t.Errorf("%q: %v", pw, err)
		}
	})
}
