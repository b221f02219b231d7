// Command commonest makes commonest.bloom out of two lists of passwords; README.md beside it says which,
// and how to get them.
package main

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"miniblog/internal/bloom"
)

// shortest is the least that MINIBLOG_PASSWORD_MIN allows, in characters: what is shorter is
// refused anyway.
const shortest = 8

// others is how deep zxcvbn's lists of names and words are read. It keeps each entry only in the
// list where it ranks best, so "jennifer" and "september" are missing from its passwords: what it
// moved out of the first 10,000 passwords is among the first 10,000 elsewhere.
const others = 10_000

// The SHA-256 of the lists.
const (
	millionSum = "eac6323842b3261da0ef4c180c8e23f4d056522ea97c2925b8687f453b40a2be"
	zxcvbnSum  = "8c01b70a6d7728f27e3187f7b9b09085d4df090bd8222e0f242bf369e65541b8"
)

var list = regexp.MustCompile(`(?m)^\s*(\w+): "((?:[^"\\]|\\.)*)"`)

func main() {
	million := flag.String("million", "10_million_password_list_top_1M.txt", "the `file` with the million")
	zxcvbn := flag.String("zxcvbn", "frequency_lists.js", "the `file` with zxcvbn's lists")
	to := flag.String("to", "commonest.bloom", "the `file` to write")
	flag.Parse()
	if err := run(*million, *zxcvbn, *to); err != nil {
		fmt.Fprintln(os.Stderr, "commonest:", err)
		os.Exit(1)
	}
}

func run(million, zxcvbn, to string) error {
	ranked, err := read(million, millionSum)
	if err != nil {
		return err
	}
	lists, err := read(zxcvbn, zxcvbnSum)
	if err != nil {
		return err
	}
	first := pick(strings.Split(ranked, "\n"))
	all := pick(append(entries(lists), first...))
	filter, err := build(all)
	if err != nil {
		return err
	}
	fmt.Printf("%d passwords, %d of the million and %d of zxcvbn alone, in %d bytes\n",
		len(all), len(first), len(all)-len(first), len(filter))
	return os.WriteFile(to, filter, 0o644)
}

// read returns a list that has this SHA-256: what is made here must not depend on the day.
func read(name, sum string) (string, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	if got := fmt.Sprintf("%x", sha256.Sum256(text)); got != sum {
		return "", fmt.Errorf("%s has the SHA-256 %s, not %s", name, got, sum)
	}
	return string(text), nil
}

// entries returns what zxcvbn's lib/frequency_lists.js has that is worth refusing.
func entries(lists string) (words []string) {
	for _, m := range list.FindAllStringSubmatch(lists, -1) {
		ranked := strings.Split(strings.ReplaceAll(m[2], `\`, ""), ",")
		if m[1] != "passwords" {
			ranked = ranked[:min(others, len(ranked))]
		}
		words = append(words, ranked...)
	}
	return words
}

// pick returns the words that are long enough, spelled as password.Check looks them up, each once.
func pick(words []string) (picked []string) {
	for _, word := range words {
		word = strings.ToLower(norm.NFKC.String(word))
		if utf8.RuneCountInString(word) >= shortest {
			picked = append(picked, word)
		}
	}
	slices.Sort(picked)
	return slices.Compact(picked)
}

// build makes the filter, and looks every word up in it.
func build(words []string) ([]byte, error) {
	file := bloom.Build(words)
	filter, err := bloom.Open(string(file))
	if err != nil {
		return nil, err
	}
	for _, word := range words {
		if !filter.Has(word) {
			return nil, errors.New("a word is not found: " + word)
		}
	}
	return file, nil
}
