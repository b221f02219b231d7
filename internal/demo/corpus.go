package demo

import (
	_ "embed"
	"math/rand/v2"
	"strings"
	"sync"

	"miniblog/internal/blog"
)

var (
	//go:embed corpus/samples.txt
	samplesText string
	//go:embed corpus/grammar.txt
	grammarText string
	//go:embed corpus/names.txt
	namesText string
	//go:embed corpus/tags.txt
	tagsText string
)

// corpus is all the writing that a demo draws on.
type corpus struct {
	samples []blog.Draft // by hand, newest first
	grammar *grammar
	names   []string
	tags    []string // the first is used most
}

// readCorpus reads the embedded files once, when somebody first wants a demo.
var readCorpus = sync.OnceValue(func() *corpus {
	return &corpus{
		samples: parseSamples(samplesText),
		grammar: parseGrammar(grammarText),
		names:   strings.Fields(namesText),
		tags:    strings.Split(strings.TrimSpace(tagsText), "\n"),
	}
})

// parseSamples reads posts that each begin with "# " and their title.
func parseSamples(text string) (samples []blog.Draft) {
	for post := range strings.SplitSeq("\n"+text, "\n# ") {
		if title, body, ok := strings.Cut(post, "\n"); ok && title != "" {
			samples = append(samples, blog.Draft{Title: title, Body: strings.TrimSpace(body)})
		}
	}
	return samples
}

// usernames are the first names as they stand and then, for a large blog, each
// with a byname: grace-tide-table.
func (c *corpus) usernames(n int, r *rand.Rand) []string {
	usernames := append([]string(nil), c.names[:min(n, len(c.names))]...)
	bynames := c.grammar.lists["noun"].entries
	order := newShuffle(len(c.names)*len(bynames), r)
	for i := range n - len(usernames) {
		choice := order.at(i)
		name, byname := c.names[choice%len(c.names)], bynames[choice/len(c.names)]
		usernames = append(usernames, name+"-"+strings.ReplaceAll(byname, " ", "-"))
	}
	return usernames
}
