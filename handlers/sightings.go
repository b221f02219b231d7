package handlers

import (
	"sync"
	"time"
)

// mostSightings is how many addresses are remembered.
const mostSightings = 1_000

// sightings are since when answers are as they are, by their addresses.
type sightings struct {
	mu   sync.Mutex
	last map[string]sighting
}

type sighting struct {
	etag string
	at   time.Time
}

// first is the second in which the answer at an address was first seen as it is. No two answers in turn have
// the same: for one that changes within a second it is zero until the next.
func (s *sightings) first(address, etag string, now time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.last[address]
	if !ok || known.etag != etag {
		s.forgetOne()
		known = sighting{etag, later(now.Truncate(time.Second), known.at.Add(time.Second))}
		s.last[address] = known
	}
	if known.at.After(now) {
		return time.Time{}
	}
	return known.at
}

// forgetOne makes room. What is forgotten counts as changed when it is seen again, and is sent once more.
func (s *sightings) forgetOne() {
	if s.last == nil {
		s.last = map[string]sighting{}
	}
	for address := range s.last {
		if len(s.last) < mostSightings {
			return
		}
		delete(s.last, address)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
