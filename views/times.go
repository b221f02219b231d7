package views

import (
	"strconv"
	"time"
)

// machineTime is a time for <time datetime>, in UTC.
func machineTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// dateInFull is a date as it is read aloud: 22 November 2026.
func dateInFull(t time.Time) string { return t.UTC().Format("2 January 2006") }

// dateAndTime is a moment as it is read in a list, in UTC: 22 November 2026, 14:05.
func dateAndTime(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04") }

// clock is a time of day to the second, as the editor's state line shows it.
func clock(t time.Time) string { return t.UTC().Format("15:04:05") }

// shortDate is a date in a column: 22 Nov 2026.
func shortDate(t time.Time) string { return t.UTC().Format("2 Jan 2006") }

func minutes(n int) string { return strconv.Itoa(n) + " min" }
