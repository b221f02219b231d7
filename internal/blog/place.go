package blog

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Place is where a page of a list begins: just after the post with this time and
// id. Unlike a page number it stays put while new posts come in.
type Place struct {
	Time time.Time
	ID   uuid.UUID
}

// IsZero tells whether the place is unset: the start of a list, or no next page.
func (p Place) IsZero() bool { return p == Place{} }

// String writes the place for a link, as microseconds since 1970, a dot and the id.
func (p Place) String() string {
	return strconv.FormatInt(p.Time.UnixMicro(), 10) + "." + p.ID.String()
}

// ParsePlace reads what String wrote; "" is the start of a list.
func ParsePlace(text string) (Place, error) {
	if text == "" {
		return Place{}, nil
	}
	micros, id, _ := strings.Cut(text, ".")
	at, err := strconv.ParseInt(micros, 10, 64)
	if err != nil || at < 0 || at > lastPlace.Time.UnixMicro() {
		return Place{}, fmt.Errorf("not a place in a list: %q", text)
	}
	parsed, err := uuid.Parse(id)
	if err != nil {
		return Place{}, fmt.Errorf("not a place in a list: %w", err)
	}
	return Place{Time: time.UnixMicro(at).UTC(), ID: parsed}, nil
}

// lastPlace comes after every post: the start of every list, as lists run backwards.
var lastPlace = Place{Time: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), ID: uuid.Max}

func (p Place) orStart() Place {
	if p.IsZero() {
		return lastPlace
	}
	return p
}
