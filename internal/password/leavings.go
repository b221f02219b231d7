package password

import (
	"runtime"
	"sync"
)

// leavings bounds what hashes hold and leave behind, in the slots of a gate. Go's collector
// knows only of the limit of all memory: as it comes when that is reached, and what is above 19 parts of 20 of
// the limit goes back to the system at once, each hash would get some of its memory back page by
// page, and pay for that with a seventh of its time. Collected sooner, all of it is used again.
type leavings struct {
	mu         sync.Mutex
	changed    sync.Cond
	most       int64 // that may be held and left
	held, left int64
	collecting bool
	collect    func()
}

// newLeavings is for a gate with so many slots.
func newLeavings(slots int64) *leavings {
	l := &leavings{most: heldAndLeft(slots), collect: runtime.GC}
	l.changed.L = &l.mu
	return l
}

// heldAndLeft is how many slots may be held and left behind, of so many that may be held: three more, or two where that is one. The more there are, the
// rarer the collector comes.
func heldAndLeft(slots int64) int64 { return slots + min(slots, 2) + 1 }

// Storm is what new hashes hold and leave behind, in bytes, where there are slots for so many at once.
func Storm(slots int) int64 { return heldAndLeft(int64(slots)) * Memory }

// take waits until there is room for a hash of so many slots. The last that finds some has it
// made for the next, so that nobody waits unless hashes are faster than the collector.
func (l *leavings) take(slots int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.held+l.left+slots > l.most {
		l.makeRoom()
		l.changed.Wait()
	}
	if l.held += slots; l.held+l.left == l.most {
		l.makeRoom()
	}
}

// leave is for a hash that took so many slots and is done.
func (l *leavings) leave(slots int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held, l.left = l.held-slots, l.left+slots
	l.changed.Broadcast()
}

// makeRoom collects what has been left so far, unless that is under way.
func (l *leavings) makeRoom() {
	if l.collecting || l.left == 0 {
		return
	}
	l.collecting = true
	go l.forget(l.left, l.collect)
}

// empty collects by other means, as nobody hashes.
func (l *leavings) empty(collect func()) {
	l.mu.Lock()
	busy, left := l.collecting, l.left
	l.collecting = true
	l.mu.Unlock()
	if busy {
		collect()
		return
	}
	l.forget(left, collect)
}

func (l *leavings) forget(slots int64, collect func()) {
	collect()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left, l.collecting = l.left-slots, false
	l.changed.Broadcast()
}
