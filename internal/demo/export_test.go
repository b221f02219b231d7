package demo

// Title is the nth post's title, without the work of composing its text.
func (d *Demo) Title(n int) string {
	if n < len(d.corpus.samples) {
		return d.corpus.samples[n].Title
	}
	title, _ := d.titles.at(n - len(d.corpus.samples))
	return title
}
