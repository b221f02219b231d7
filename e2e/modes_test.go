package e2e

import "testing"

// journey is what somebody does with a new blog. It ends with the rows it left: as
// one journey is made in both modes, it leaves the same ones.
type journey func(t *testing.T, s *site, b *tab)

// inBothModes makes the journey with JavaScript and without.
func inBothModes(t *testing.T, do journey) {
	t.Helper()
	t.Parallel()
	t.Run("with JavaScript", func(t *testing.T) { alone(t, true, do) })
	t.Run("without JavaScript", func(t *testing.T) { alone(t, false, do) })
}

// withJavaScript makes a journey through what only scripts can do.
func withJavaScript(t *testing.T, do journey) {
	t.Helper()
	alone(t, true, do)
}

func alone(t *testing.T, js bool, do journey) {
	t.Helper()
	t.Parallel()
	s := newSite(t)
	do(t, s, s.visitor(t, js))
}
