package main

import (
	"os"

	"miniblog/internal/markdown"
	"miniblog/internal/password"
)

// hashing is the command by which serve starts processes that hash passwords. It is of no use to people.
const hashing = "hash"

type hashCommand struct{}

// Run hashes what the process that started it asks for. It collects what each hash leaves behind,
// for which Go looks through all that is kept.
func (hashCommand) Run() error {
	markdown.ForgetLanguages()
	return password.Work(os.Stdin, os.Stdout)
}
