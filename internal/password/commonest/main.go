// Command commonest makes commonest.txt out of lib/frequency_lists.js of the npm
// package zxcvbn; README.md beside it says which version and how to get it.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// shortest is the least that MINIBLOG_PASSWORD_MIN allows: what is shorter is
// refused anyway.
const shortest = 8

// others is how deep the lists of names and words are read. zxcvbn keeps each
// entry only in the list where it ranks best, so "jennifer" and "september" are
// missing from its passwords: what it moved out of the first 10,000 passwords is
// among the first 10,000 elsewhere.
const others = 10_000

var list = regexp.MustCompile(`(?m)^\s*(\w+): "((?:[^"\\]|\\.)*)"`)

func main() {
	to := flag.String("to", "commonest.txt", "the `file` to write")
	flag.Parse()
	if err := run(flag.Arg(0), *to); err != nil {
		fmt.Fprintln(os.Stderr, "commonest:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	source, err := os.ReadFile(cmp.Or(from, "lib/frequency_lists.js"))
	if err != nil {
		return err
	}
	words := pick(string(source))
	if len(words) == 0 {
		return errors.New("no lists found: give the path of zxcvbn's lib/frequency_lists.js")
	}
	return os.WriteFile(to, []byte(strings.Join(words, "\n")+"\n"), 0o644)
}

// pick returns the entries worth refusing, in lower case and byte order.
func pick(source string) []string {
	var words []string
	for _, m := range list.FindAllStringSubmatch(source, -1) {
		ranked := strings.Split(strings.ReplaceAll(m[2], `\`, ""), ",")
		if m[1] != "passwords" {
			ranked = ranked[:min(others, len(ranked))]
		}
		for _, word := range ranked {
			if len(word) >= shortest {
				words = append(words, strings.ToLower(word))
			}
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}
