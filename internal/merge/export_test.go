package merge

// Words and Sentences are what a word and a sentence is.
var (
	Words     = words
	Sentences = sentences
)
