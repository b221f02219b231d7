package account

import (
	_ "embed"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the program is one file, and knows all zones wherever it runs
)

// zonesText is UTC and the names in zone.tab of the tz database, which is in the public domain.
//
//go:embed zones.txt
var zonesText string

// Zones are the names of the time zones to choose from, UTC first. What the tz database
// knows besides is taken, too.
var Zones = sync.OnceValue(func() []string { return strings.Fields(zonesText) })

const noSuchZone = "There is no such time zone. Choose one from the list, such as Europe/Berlin."

// Location is the zone in which the user sees times while they write.
func (u User) Location() *time.Location {
	if zone, read := locations.Load(u.TimeZone); read {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(u.TimeZone)
	if err != nil {
		return time.UTC // another version of the tz database had that zone
	}
	locations.Store(u.TimeZone, zone)
	return zone
}

// locations are the zones that were read, by name: there are no more than accounts may have.
var locations sync.Map

// zoneNamed finds the name of a zone as people type it: in any case, with blanks. Nothing is
// UTC. The zone of the machine that the blog runs on is nobody's.
func zoneNamed(typed string) (name string, ok bool) {
	typed = strings.ReplaceAll(strings.TrimSpace(typed), " ", "_")
	if typed == "" {
		return "UTC", true
	}
	for _, zone := range Zones() {
		if strings.EqualFold(zone, typed) {
			return zone, true
		}
	}
	_, err := time.LoadLocation(typed)
	return typed, err == nil && typed != "Local" && len(typed) <= maxZoneName
}

// maxZoneName is more than any name has.
const maxZoneName = 64
