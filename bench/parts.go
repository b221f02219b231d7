package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// part is one of the things that are measured, by the name of its place in the document. Its
// text is there also when something was wrong with what was measured.
type part struct {
	name    string
	grows   bool // may depend on how many posts there are
	measure func(ctx context.Context, s *site, o options, progress io.Writer) (text string, err error)
}

// parts are all of them, in the order they are measured in.
var parts = []part{
	{"memory", true, measureMemory},
	{"concurrency", false, measureConcurrency},
	{"database", true, measureDatabase},
	{"save", true, measureSaves},
	{"login", false, measureLogins},
	{"start", true, measureStarts},
	{"mixed", false, measureMixed},
	{"size", true, measureSize},
	{"autosave", false, func(ctx context.Context, s *site, o options, _ io.Writer) (string, error) {
		measured, err := measureAutosaves(ctx, s, o)
		if err != nil {
			return "", err
		}
		return measured.markdown(describe(s, o)), measured.failure()
	}},
	{"search", true, func(ctx context.Context, s *site, o options, progress io.Writer) (string, error) {
		all, err := measureSearches(ctx, s, progress)
		if err != nil {
			return "", err
		}
		return searchTable(s, o, all), nil
	}},
}

func partNames() (names []string) {
	for _, p := range parts {
		names = append(names, p.name)
	}
	return names
}

// choose finds the parts of these names, with commas between them; without any, all.
func choose(names string) (chosen []part, err error) {
	if names == "" {
		return parts, nil
	}
	for name := range strings.SplitSeq(names, ",") {
		at := len(chosen)
		for _, p := range parts {
			if p.name == strings.TrimSpace(name) {
				chosen = append(chosen, p)
			}
		}
		if at == len(chosen) {
			return nil, fmt.Errorf("there is no part %q, only %s", name, strings.Join(partNames(), ", "))
		}
	}
	return chosen, nil
}
