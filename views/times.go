package views

import (
	"strconv"
	"time"
)

// machineTime is a time for <time datetime>, in UTC.
func machineTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// inZone is a time on the clocks of a zone; nil is UTC, in which readers see all times.
func inZone(zone *time.Location, t time.Time) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone)
}

// dateIn is dateInFull in the zone of who writes.
func dateIn(zone *time.Location, t time.Time) string { return inZone(zone, t).Format("2 January 2006") }

// momentIn is a moment as who writes sets it: 22 November 2026, 14:05.
func momentIn(zone *time.Location, t time.Time) string {
	return inZone(zone, t).Format("2 January 2006, 15:04")
}

// clockIn is clock in the zone of who writes.
func clockIn(zone *time.Location, t time.Time) string { return inZone(zone, t).Format("15:04:05") }

// zoneWords name a zone beside a time.
func zoneWords(zone *time.Location) string { return inZone(zone, time.Time{}).Location().String() }

// dateInFull is a date as it is read aloud: 22 November 2026.
func dateInFull(t time.Time) string { return t.UTC().Format("2 January 2006") }

// dateAndTime is a moment as it is read in a list, in UTC: 22 November 2026, 14:05.
func dateAndTime(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04") }

// shortDate is a date in a column: 22 Nov 2026.
func shortDate(t time.Time) string { return t.UTC().Format("2 Jan 2006") }

func minutes(n int) string { return strconv.Itoa(n) + " min" }
