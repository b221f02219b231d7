package password

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestHashesHoldAndLeaveNoMoreThanThreeSlotsMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const slots = 3
		l := newLeavings(slots)
		var done, uncollected, most, collections atomic.Int64
		l.collect = func() {
			collections.Add(1)
			garbage := done.Load()
			time.Sleep(10 * time.Millisecond)
			done.Add(-garbage)
			uncollected.Add(-garbage)
		}
		var all sync.WaitGroup
		for range slots {
			all.Go(func() {
				for range 200 {
					l.take(1)
					if now := uncollected.Add(1); now > most.Load() {
						most.Store(now)
					}
					time.Sleep(time.Duration(rand.IntN(30)) * time.Millisecond)
					done.Add(1)
					l.leave(1)
				}
			})
		}
		all.Wait()
		synctest.Wait()
		if most.Load() > slots+3 || l.held != 0 || l.left > slots+3 {
			t.Errorf("%d were in memory, %d are held, %d left", most.Load(), l.held, l.left)
		}
		if n := collections.Load(); n < 600/(slots+3) || n > 600 {
			t.Errorf("collected %d times", n)
		}
	})
}

func TestTheLargestHashFindsRoomBesideWhatWasLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLeavings(2)
		l.collect = func() { time.Sleep(time.Second) }
		for _, slots := range []int64{1, 1, 1, 2, 2, 1, 2} {
			l.take(slots)
			l.leave(slots)
		}
		synctest.Wait()
		time.Sleep(time.Second)
	})
}

func TestWhatIsLeftIsCollectedBeforeItIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLeavings(1)
		var collected atomic.Bool
		l.collect = func() { collected.Store(true) }
		l.take(1)
		l.leave(1)
		l.take(1)
		l.leave(1)
		l.take(1)
		if synctest.Wait(); !collected.Load() || l.left != 0 {
			t.Errorf("collected: %v, left: %d", collected.Load(), l.left)
		}
	})
}
