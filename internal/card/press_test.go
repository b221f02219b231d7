package card

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"miniblog/internal/fault"
)

func numbered(n int) Words { return Words{Title: strconv.Itoa(n)} }

// counting draws ten bytes at once, and counts.
func counting(drawn *atomic.Int32) func(Words) ([]byte, error) {
	return func(Words) ([]byte, error) {
		drawn.Add(1)
		return make([]byte, 10), nil
	}
}

func TestAPictureIsDrawnOnceAndKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var drawn atomic.Int32
		press := newPress(func(Words) ([]byte, error) {
			drawn.Add(1)
			time.Sleep(100 * time.Millisecond)
			return make([]byte, 10), nil
		}, 100, 1)
		var asking sync.WaitGroup
		for range 50 {
			asking.Go(func() {
				if file, err := press.Picture(t.Context(), numbered(1)); err != nil || len(file) != 10 {
					t.Error(len(file), err)
				}
			})
		}
		asking.Wait()
		if _, err := press.Picture(t.Context(), numbered(1)); err != nil || drawn.Load() != 1 {
			t.Errorf("it was drawn %d times, %v", drawn.Load(), err)
		}
	})
}

func TestPicturesNobodyAskedForTheLongestMakeRoom(t *testing.T) {
	t.Parallel()
	var drawn atomic.Int32
	press := newPress(counting(&drawn), 35, 1)
	ask := func(n int) {
		t.Helper()
		if _, err := press.Picture(t.Context(), numbered(n)); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []int{1, 2, 3, 1, 4} { // 2 has to go
		ask(n)
	}
	if press.size != 30 || press.order.Len() != 3 || len(press.found) != 3 {
		t.Errorf("%d bytes of %d pictures are kept, %d are found", press.size, press.order.Len(), len(press.found))
	}
	for _, n := range []int{1, 3, 4} {
		ask(n)
	}
	if drawn.Load() != 4 {
		t.Errorf("%d were drawn: one that was kept was drawn again", drawn.Load())
	}
	if ask(2); drawn.Load() != 5 {
		t.Error("what was dropped was not drawn again")
	}
}

func TestWhoseTurnDoesNotComeIsToldThatItIsBusy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		press := newPress(func(Words) ([]byte, error) {
			time.Sleep(3 * time.Second)
			return []byte("drawn"), nil
		}, 100, 2)
		var busy, fine atomic.Int32
		var asking sync.WaitGroup
		for n := range 5 {
			asking.Go(func() {
				switch _, err := press.Picture(t.Context(), numbered(n)); {
				case errors.Is(err, fault.ErrBusy):
					busy.Add(1)
				case err == nil:
					fine.Add(1)
				}
			})
		}
		asking.Wait()
		if fine.Load() != 2 || busy.Load() != 3 {
			t.Errorf("%d were drawn and %d were told that it is busy", fine.Load(), busy.Load())
		}
		if _, err := press.Picture(t.Context(), numbered(9)); err != nil {
			t.Errorf("later: %v", err)
		}
	})
}

func TestWhoGivesUpWaitsNoLongerAndSpoilsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var drawn atomic.Int32
		press := newPress(func(Words) ([]byte, error) {
			time.Sleep(time.Second)
			drawn.Add(1)
			return []byte("drawn"), nil
		}, 100, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := press.Picture(ctx, numbered(1)); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if file, err := press.Picture(t.Context(), numbered(1)); string(file) != "drawn" || err != nil || drawn.Load() != 1 {
			t.Errorf("%q, %v, drawn %d times", file, err, drawn.Load())
		}
	})
}

func TestAFailureIsNotKept(t *testing.T) {
	t.Parallel()
	failing := true
	press := newPress(func(Words) ([]byte, error) {
		if failing {
			return nil, errors.New("no ink")
		}
		return []byte("drawn"), nil
	}, 100, 1)
	if _, err := press.Picture(t.Context(), numbered(1)); err == nil {
		t.Error("nothing failed")
	}
	failing = false
	if _, err := press.Picture(t.Context(), numbered(1)); err != nil {
		t.Error(err)
	}
}

func TestOtherWordsHaveAnotherVersion(t *testing.T) {
	t.Parallel()
	seen := map[string]Words{}
	for _, words := range []Words{{}, {Title: "a"}, {Author: "a"}, {Blog: "a"}, {Title: "a", Author: "b"}, {Title: "ab"}, {Title: `a","b`}} {
		if other, ok := seen[words.Version()]; ok {
			t.Errorf("%+v and %+v are one", other, words)
		}
		seen[words.Version()] = words
	}
	if again := (Words{Title: "a"}).Version(); seen[again] != (Words{Title: "a"}) {
		t.Error("the same words have two versions")
	}
}
