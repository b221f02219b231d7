package merge

// Change is a stretch of the way from one text to another: what both have, or
// what was taken out and what was put in.
type Change struct {
	Same, Removed, Added string
}

// Two compares texts by lines, and within lines that changed a little by words.
func Two(from, to string) (changes []Change) {
	for _, change := range two(lines(from), lines(to)) {
		if change.Same != "" || change.Removed == "" || change.Added == "" {
			changes = append(changes, change)
			continue
		}
		changes = append(changes, withinLines(change)...)
	}
	return changes
}

// withinLines compares changed lines by words, unless they have little in common:
// two sentences can be read one after the other, their shuffled words cannot.
func withinLines(change Change) []Change {
	if len(change.Removed)+len(change.Added) > maxFine {
		return []Change{change}
	}
	finer, common := two(words(change.Removed), words(change.Added)), 0
	for _, c := range finer {
		common += len(c.Same)
	}
	if 2*common < min(len(change.Removed), len(change.Added)) {
		return []Change{change}
	}
	return finer
}

func two(from, to []string) (changes []Change) {
	atFrom, atTo := 0, 0
	for _, same := range align(from, to) {
		changes = addChange(changes, Change{Removed: join(from[atFrom:same.A]), Added: join(to[atTo:same.B])})
		changes = addChange(changes, Change{Same: join(from[same.A : same.A+same.N])})
		atFrom, atTo = same.A+same.N, same.B+same.N
	}
	return addChange(changes, Change{Removed: join(from[atFrom:]), Added: join(to[atTo:])})
}

func addChange(changes []Change, change Change) []Change {
	if change == (Change{}) {
		return changes
	}
	return append(changes, change)
}
