package password

import (
	"errors"
	"strings"
	"testing"
)

func TestAPasswordIsRefusedWithTheRuleItBreaks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pw, username string
		min          int
		want         Rule // 0: accepted
	}{
		{"correct horse", "ada", 8, 0},
		{"        ", "ada", 8, 0},
		{" \x00\t\nemoji 🐎", "ada", 8, 0},
		{"ÄÖÜäöüßé", "ada", 8, 0},
		{strings.Repeat("🐎", 256), "ada", 8, 0},
		{strings.Repeat("z", 63), "ada", 64, TooShort},
		{"ÄÖÜäöüß", "ada", 8, TooShort},
		{"", "ada", 8, TooShort},
		{strings.Repeat("🐎", 256) + "z", "ada", 8, TooLong},
		{"correct \xff horse", "ada", 8, NotText},
		{"i am ADA lovelace", "ada", 8, ContainsUsername},
		{"i am ada lovelace", "ADA", 8, ContainsUsername},
		{"grüße von JÜRGEN", "jürgen", 8, ContainsUsername},
		{"jo was here too", "jo", 8, 0},
		{"anything goes here", "", 8, 0},
		{"password", "ada", 8, Common},
		{"PassWord123", "ada", 8, Common},
		{"Jennifer", "bob", 8, Common},
		{"september", "bob", 8, Common},
		{"iloveyou", "bob", 8, Common},
		{"ｐａｓｓｗｏｒｄ", "bob", 8, Common},
		{"e\u0301e\u0301e\u0301e\u0301", "bob", 8, TooShort},
		{"password ", "bob", 8, 0},
		{"password\n", "bob", 8, 0},
	} {
		err := Check(c.pw, Context{Username: c.username}, c.min)
		problem, _ := errors.AsType[*Problem](err)
		switch {
		case c.want == 0 && err != nil:
			t.Errorf("%.40q is refused: %v", c.pw, err)
		case c.want != 0 && (problem == nil || problem.Rule != c.want):
			t.Errorf("%.40q: %v, want rule %d", c.pw, err, c.want)
		}
	}
}

func TestAProblemSaysWhatToDoAndNeverThePassword(t *testing.T) {
	t.Parallel()
	if got := Check("short", Context{Username: "ada"}, 12).Error(); !strings.Contains(got, "at least 12 characters") {
		t.Error(got)
	}
	for rule := NotText; rule <= Common; rule++ {
		words := (&Problem{Rule: rule, Min: 8}).Error()
		if words == "" || !strings.HasSuffix(words, ".") || words[:1] != strings.ToUpper(words[:1]) {
			t.Errorf("rule %d is told as %q", rule, words)
		}
	}
}
