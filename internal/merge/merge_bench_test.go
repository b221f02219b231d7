package merge_test

import (
	"strings"
	"testing"

	"miniblog/internal/merge"
)

// BenchmarkThree merges what two people do to a post of 2,000 words: each mends some paragraphs, one of them both.
func BenchmarkThree(b *testing.B) {
	paragraphs := strings.Split(strings.Repeat("The river was quiet, quite quiet, and nobody said a word about it that day.\n\n", 130), "\n\n")
	mended := func(at ...int) string {
		text := append([]string(nil), paragraphs...)
		for _, n := range at {
			text[n] = strings.Replace(text[n], "quite quiet", "as quiet as ever", 1)
		}
		return strings.Join(text, "\n\n")
	}
	base, mine := mended(), mended(3, 40, 77)
	theirs := strings.Replace(mended(9, 100), "The river was quiet", "The harbour was quiet", 1)
	b.SetBytes(int64(len(base)))
	b.ReportAllocs()
	for b.Loop() {
		merge.Three(base, mine, theirs)
	}
}

// BenchmarkThreeOfOneHand merges a text that nobody else has changed meanwhile, as nearly all are.
func BenchmarkThreeOfOneHand(b *testing.B) {
	base := strings.Repeat("The river was quiet, quite quiet, and nobody said a word about it that day.\n\n", 130)
	b.ReportAllocs()
	for b.Loop() {
		merge.Three(base, base+"One more.", base)
	}
}
