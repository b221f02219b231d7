package main

import (
	"os"

	"miniblog/internal/markdown"
	"miniblog/internal/password"
)

// hashing is the argument with which serve starts processes that hash passwords. It is no command for people,
// and comes before there are any: Go looks through all that is kept after each hash.
const hashing = "hash"

// hash does what the process that started it asks for.
func hash() {
	markdown.ForgetLanguages()
	if err := password.Work(os.Stdin, os.Stdout); err != nil {
		complain(err)
		os.Exit(exitFailure)
	}
}
