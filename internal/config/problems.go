package config

import "strings"

// Problem is one thing wrong with one setting.
type Problem struct {
	Setting string // the environment variable
	Text    string // what is wrong and what to do; never the value
}

// Problems is everything wrong with the settings: their files first, then their
// values, then how they go together. It is an error.
type Problems []Problem

// Error returns one plain line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Setting + ": " + problem.Text
	}
	return strings.Join(lines, "\n")
}

func (p Problems) about(setting string) bool {
	for _, problem := range p {
		if strings.TrimSuffix(problem.Setting, "_FILE") == setting {
			return true
		}
	}
	return false
}
