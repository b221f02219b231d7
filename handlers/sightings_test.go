package handlers_test

import (
	"strconv"
	"testing"
	"time"

	"miniblog/handlers"
)

func TestAnAnswerIsAsOldAsItIsTheSame(t *testing.T) {
	t.Parallel()
	var seen handlers.Sightings
	at := time.Date(2026, 3, 1, 12, 0, 0, 500, time.UTC)
	begun := at.Truncate(time.Second)
	for i, step := range []struct {
		etag string
		now  time.Time
		want time.Time
	}{
		{"a", at, begun},
		{"a", at.Add(time.Hour), begun},
		{"b", at.Add(time.Hour), begun.Add(time.Hour)},
		{"c", at.Add(time.Hour), time.Time{}}, // two in one second
		{"c", at.Add(time.Hour + time.Second), begun.Add(time.Hour + time.Second)},
		{"b", at.Add(time.Hour + time.Second), time.Time{}},
	} {
		if got := seen.First("/feed.atom", step.etag, step.now); !got.Equal(step.want) {
			t.Errorf("%d: it is %v, want %v", i, got, step.want)
		}
	}
	for n := range 3_000 {
		seen.First(strconv.Itoa(n), "a", at)
	}
	if seen.Len() > 1_000 {
		t.Errorf("%d are remembered", seen.Len())
	}
}
