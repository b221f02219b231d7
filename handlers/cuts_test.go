package handlers_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"miniblog/handlers"
	"miniblog/internal/blog"
)

func TestCutsAreLookedUpOnceAndNobodyWaitsForLongerThanTheRequest(t *testing.T) {
	t.Parallel()
	var cuts handlers.Cuts
	var asked atomic.Int32
	begun, goOn := make(chan struct{}), make(chan struct{})
	find := func(ctx context.Context) ([]blog.Mark, error) {
		if asked.Add(1) == 1 {
			close(begun)
		}
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("it may last for ever")
		}
		<-goOn
		return make([]blog.Mark, 3), ctx.Err()
	}
	first, stop := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := cuts.Now(first, find)
		left <- err
	}()
	<-begun
	stop()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("who went away is told %v", err)
	}
	found := make(chan int)
	for range 3 {
		go func() {
			marks, _ := cuts.Now(t.Context(), find)
			found <- len(marks)
		}()
	}
	close(goOn)
	for range 3 {
		if n := <-found; n != 3 {
			t.Errorf("%d are found", n)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("they were looked up %d times", asked.Load())
	}
}
