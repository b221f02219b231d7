package bulkhead

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"miniblog/internal/fault"
)

// fill takes all places until the returned function is called.
func fill(t *testing.T, b *Bulkhead) (leave func()) {
	t.Helper()
	end := make(chan struct{})
	var all sync.WaitGroup
	for range cap(b.places) {
		all.Go(func() {
			if err := b.Do(t.Context(), func() error { <-end; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	synctest.Wait()
	return func() { close(end); all.Wait() }
}

func nothing() error { return nil }

func TestAsManyAtOnceAsThereArePlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(2, 10, time.Second)
		var all sync.WaitGroup
		begun := time.Now()
		for range 6 {
			all.Go(func() {
				if err := b.Do(t.Context(), func() error { time.Sleep(100 * time.Millisecond); return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if use := b.Use(); use != (Use{AtWork: 2, Waiting: 4}) {
			t.Errorf("meanwhile %+v", use)
		}
		all.Wait()
		if took := time.Since(begun); took != 300*time.Millisecond {
			t.Errorf("six took %s", took)
		}
		if use := b.Use(); use != (Use{}) {
			t.Errorf("in the end %+v", use)
		}
	})
}

func TestWhoComesFirstIsFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(1, 10, time.Second)
		leave := fill(t, b)
		var order []int
		var all sync.WaitGroup
		for n := range 5 {
			all.Go(func() { _ = b.Do(t.Context(), func() error { order = append(order, n); return nil }) })
			synctest.Wait()
		}
		leave()
		all.Wait()
		if !slices.Equal(order, []int{0, 1, 2, 3, 4}) {
			t.Errorf("they had their turns in the order %v", order)
		}
	})
}

func TestWhoFindsTheLineFullIsTurnedAwayAtOnceAndWhoStandsInItInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(1, 3, 2*time.Second)
		leave := fill(t, b)
		begun := time.Now()
		took := make(chan time.Duration, 5)
		for range 5 {
			go func() {
				if err := b.Do(t.Context(), nothing); !errors.Is(err, fault.ErrBusy) {
					t.Error(err)
				}
				took <- time.Since(begun)
			}()
		}
		for n := range 5 {
			want := 2 * time.Second
			if n < 2 {
				want = 0
			}
			if got := <-took; got != want {
				t.Errorf("turned away after %s, want %s", got, want)
			}
		}
		if use := b.Use(); use != (Use{AtWork: 1, TurnedAway: 5}) {
			t.Errorf("%+v", use)
		}
		leave()
		if err := b.Do(t.Context(), nothing); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

func TestWhoGivesUpLeavesTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(1, 1, time.Minute)
		leave := fill(t, b)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := b.Do(ctx, nothing); err != context.DeadlineExceeded {
			t.Error(err)
		}
		if use := b.Use(); use != (Use{AtWork: 1}) {
			t.Errorf("%+v", use)
		}
		leave()
	})
}

func TestAPlaceIsGivenBackWhateverTheWorkEndsIn(t *testing.T) {
	t.Parallel()
	b, failure := New(0, 0, 0), errors.New("no")
	if err := b.Do(t.Context(), func() error { return failure }); err != failure {
		t.Error(err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = b.Do(t.Context(), func() error { panic("no") })
	}()
	if err := b.Do(t.Context(), nothing); err != nil {
		t.Error(err)
	}
}
