package merge_test

import (
	"testing"

	"miniblog/internal/merge"
)

func FuzzThreeTextsAreMerged(f *testing.F) {
	f.Add("a b\nc", "a x\nc", "a y\nc d")
	f.Add("one\n\ntwo\n", "ONE\n\ntwo\n", "one\n\nTWO\n")
	f.Add("", "\r\n\x00\xff", "e\u0301\u200d")
	f.Add("潮汐", "潮 汐", "汐潮\n\u0301")
	f.Fuzz(func(t *testing.T, base, mine, theirs string) {
		result := merge.Three(base, mine, theirs)
		rebuilds(t, result, base, mine, theirs)
		holdsBothReadings(t, result)
		takesOverTheOnlyEdit(t, base, mine)
	})
}

func FuzzTwoTextsAreCompared(f *testing.F) {
	f.Add("a b\nc", "a x\nc")
	f.Add("", "\n")
	f.Add("a\xffb", "\u0301\nb")
	f.Fuzz(func(t *testing.T, from, to string) {
		rebuildsBoth(t, merge.Two(from, to), from, to)
	})
}
