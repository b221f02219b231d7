package merge

// Words is what a word is.
var Words = words
