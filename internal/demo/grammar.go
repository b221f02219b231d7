package demo

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// grammar is what corpus/grammar.txt holds; its format stands at its head.
type grammar struct {
	lists                             map[string]*list
	titles, openers, middles, closers []phrase
}

// list is what one name in braces can stand for.
type list struct {
	key     string // the same for both forms of an entry
	kept    bool   // one entry a post
	entries []string
}

// phrase is plain text and slots in turn.
type phrase []piece

type piece struct {
	text                    string // where there is no list
	list                    *list
	capital, article, other bool
}

func parseGrammar(text string) *grammar {
	g := &grammar{lists: map[string]*list{}}
	for section := range strings.SplitSeq(text, "\n[") {
		header, body, _ := strings.Cut(section, "\n")
		if names, mark, ok := strings.Cut(header, "]"); ok {
			g.add(strings.Split(names, " / "), mark != "", strings.Split(strings.TrimSpace(body), "\n"))
		}
	}
	g.titles, g.openers = g.phrases("title"), g.phrases("opener")
	g.middles, g.closers = g.phrases("middle"), g.phrases("closer")
	return g
}

func (g *grammar) add(names []string, kept bool, lines []string) {
	for form, name := range names {
		made := &list{key: names[0], kept: kept}
		for _, line := range lines {
			made.entries = append(made.entries, strings.Split(line, " / ")[form])
		}
		g.lists[name] = made
	}
}

func (g *grammar) phrases(name string) (phrases []phrase) {
	for _, line := range g.lists[name].entries {
		phrases = append(phrases, g.phrase(line))
	}
	return phrases
}

func (g *grammar) phrase(line string) (made phrase) {
	for line != "" {
		text, rest, found := strings.Cut(line, "{")
		made = append(made, piece{text: text})
		if !found {
			break
		}
		var slot string
		slot, line, _ = strings.Cut(rest, "}")
		made = append(made, g.slot(slot))
	}
	return made
}

// slot reads "noun", "Noun", "a noun", "other noun" or a mixture. The corpus is
// part of the program, so a name without a list is a mistake like a bad regular
// expression, and every test would meet it.
func (g *grammar) slot(text string) piece {
	words := strings.Fields(strings.ToLower(text))
	name := words[len(words)-1]
	made := piece{list: g.lists[name], capital: unicode.IsUpper(rune(text[0]))}
	if made.list == nil {
		panic(fmt.Sprintf("demo: the grammar has no list %q", name))
	}
	for _, word := range words[:len(words)-1] {
		made.article = made.article || word == "a"
		made.other = made.other || word == "other"
	}
	return made
}

// write says the phrase; choose picks what fills a slot.
func (p phrase) write(into *strings.Builder, choose func(piece) int) {
	for _, piece := range p {
		if piece.list == nil {
			into.WriteString(piece.text)
			continue
		}
		into.WriteString(piece.dress(piece.list.entries[choose(piece)]))
	}
}

// dress gives an entry its article and its capital.
func (p piece) dress(entry string) string {
	if p.article {
		entry = article(entry) + " " + entry
	}
	if !p.capital {
		return entry
	}
	first, size := utf8.DecodeRuneInString(entry)
	return string(unicode.ToUpper(first)) + entry[size:]
}

// article goes by the first letter, so the lists have no "hour" and no "unicycle".
func article(entry string) string {
	if strings.ContainsRune("aeiou", rune(entry[0])) {
		return "an"
	}
	return "a"
}
