package flask

import (
	"math"
	"strings"
	"time"
)

// forms are how Python and SQLite write a time. Without a zone it is UTC, as SQLite's
// CURRENT_TIMESTAMP and Python's utcnow are.
var forms = []string{
	"2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999",
	"2006-01-02 15:04Z07:00",
	"2006-01-02 15:04",
	"2006-01-02",
	time.RFC1123, time.RFC1123Z,
	"January 2, 2006", "Jan 2, 2006", "02 January 2006",
}

// oldest is before any blog: what is older is no time of a post.
var oldest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// readTime tells when a post was written, if its column says so in a known way and it
// was before now. Numbers are seconds since 1970, or milliseconds.
func readTime(v value, now time.Time) (time.Time, bool) {
	at, ok := time.Time{}, false
	switch data := v.data.(type) {
	case string:
		at, ok = parseTime(strings.TrimSpace(data))
	case int64:
		at, ok = unix(float64(data)), true
	case float64:
		at, ok = unix(data), true
	}
	if !ok || at.Before(oldest) || at.After(now) {
		return time.Time{}, false
	}
	return at.UTC().Truncate(time.Microsecond), true // PostgreSQL's precision
}

func unix(number float64) time.Time {
	const latestSecond = 1e11 // the year 5138: more are milliseconds
	if math.Abs(number) > latestSecond {
		number /= 1000
	}
	if math.IsNaN(number) || math.Abs(number) > latestSecond {
		return time.Time{}
	}
	whole, part := math.Modf(number)
	return time.Unix(int64(whole), int64(part*1e9))
}

func parseTime(text string) (time.Time, bool) {
	if len(text) > len("2006-01-02") && text[len("2006-01-02")] == 'T' { // ISO 8601
		text = text[:len("2006-01-02")] + " " + text[len("2006-01-02T"):]
	}
	for _, form := range forms {
		if at, err := time.Parse(form, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
