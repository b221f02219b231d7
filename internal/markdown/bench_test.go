package markdown

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// longPost is about 2,000 words with all that a post may have.
func longPost(b *testing.B) string {
	b.Helper()
	sample, err := os.ReadFile(filepath.Join("testdata", "sample.md"))
	if err != nil {
		b.Fatal(err)
	}
	paragraph := strings.Repeat("The river was quiet, *quite* quiet, and [nobody](/@ada/nobody) said \"a word\" about `it`. ", 7)
	return string(sample) + strings.Repeat("\n\n## A part\n\n"+paragraph, 17)
}

func BenchmarkRender(b *testing.B) {
	source := longPost(b)
	b.ReportAllocs()
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		Render(source)
	}
}

func BenchmarkExcerpt(b *testing.B) {
	source := longPost(b)
	b.ReportAllocs()
	for b.Loop() {
		Excerpt(source, 280)
	}
}
