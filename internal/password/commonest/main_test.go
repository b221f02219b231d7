package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miniblog/internal/bloom"
)

const lists = `
var frequency_lists = {
  passwords: "password,Dragon99,it\"s quoted,short",
  surnames: "castaneda,kim"
};`

func TestWhatIsLongEnoughIsTakenOnceAndFolded(t *testing.T) {
	t.Parallel()
	got := pick(append(entries(lists), "PASSWORD", "ｄｒａｇｏｎ９９", "würfelig", "grüße12", ""))
	if want := []string{"castaneda", "dragon99", `it"s quoted`, "password", "würfelig"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNamesAndWordsAreReadToTheDepthOfTheCommonestTenThousand(t *testing.T) {
	t.Parallel()
	deep := `  surnames: "` + strings.Repeat("somebody,", others) + `forgotten"`
	if got := pick(entries(deep)); !slices.Equal(got, []string{"somebody"}) {
		t.Errorf("%q", got)
	}
}

func TestTheFilterFindsAllItWasMadeOf(t *testing.T) {
	t.Parallel()
	words := pick(entries(lists))
	file, err := build(words)
	if err != nil {
		t.Fatal(err)
	}
	filter, err := bloom.Open(string(file))
	if err != nil || filter.Len() != len(words) {
		t.Fatalf("%d of %d words, %v", filter.Len(), len(words), err)
	}
	for _, word := range words {
		if !filter.Has(word) {
			t.Errorf("%q is not found", word)
		}
	}
}

func TestAnotherListThanTheOneThatIsNamedIsRefused(t *testing.T) {
	t.Parallel()
	from, to := filepath.Join(t.TempDir(), "list"), filepath.Join(t.TempDir(), "filter")
	if err := os.WriteFile(from, []byte(lists), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(from, from, to); err == nil || !strings.Contains(err.Error(), "SHA-256") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(to); !os.IsNotExist(err) {
		t.Errorf("a filter was written: %v", err)
	}
}
