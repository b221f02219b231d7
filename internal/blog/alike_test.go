package blog_test

import (
	"context"
	"testing"
)

// What is like it is a help beside the answer, which does not wait for it.
func TestASearchIsAnsweredWhereWhatIsLikeItTakesTooLong(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.publish("The tide tables", "Every harbour keeps two clocks.", "")
	tx, err := s.store.Pool.Begin(t.Context())
	noError(t, err)
	defer tx.Rollback(context.Background())
	_, err = tx.Exec(t.Context(), "LOCK TABLE tagged") // only what is like it is looked for there
	noError(t, err)
	s.finds(nobody, "harbour", "The tide tables")
}
