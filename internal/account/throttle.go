package account

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"time"

	"miniblog/db"
	"miniblog/internal/fault"
)

// Client is who asks, as far as it can be told.
type Client struct {
	Address netip.Addr // the zero Addr: all of whom it is not known count as one
	Session Token      // that its browser has: it ends when another begins there
	Device  Token      // what its browser was given when it logged in last, to whichever account
	Browser string     // in words: see BrowserWords
}

// address is for the log; empty when it is not known.
func (c Client) address() string {
	if !c.Address.IsValid() {
		return ""
	}
	return c.Address.String()
}

// How much is let through. The waits of what has no window, an account or a device,
// stand in take_turns of db/migrations.
const (
	failuresAtAddress = 100
	failureWindow     = 10 * time.Minute
	signupsAtAddress  = 30    // an hour, unless Rules say otherwise
	signupsInAll      = 1_000 // a day, unless Rules say otherwise
	linksFor          = 3     // an hour, for a name as it is typed
	linksAtAddress    = 30    // an hour
	// giveBackWithin is for undoing a turn after its request has ended.
	giveBackWithin = 2 * time.Second
)

// bucket is what turns are counted in. It has most of them in a window, or, where it
// has no window, waits that double from the fifth failure on.
type bucket struct {
	kind   string
	number int32
	most   int
	window time.Duration
}

// bucketBits is how many buckets there are of a kind, a million, so that nobody fills the
// disk with names. Two names that share one are throttled together: whoever wants to
// throttle a name tries that name, and so gains nothing from finding another such.
const bucketBits = 20

func newBucket(kind, key string) bucket {
	sum := sha256.Sum256([]byte(key))
	return bucket{kind: kind, number: int32(binary.BigEndian.Uint32(sum[:]) >> (32 - bucketBits))}
}

func (b bucket) per(window time.Duration, most int) bucket {
	b.most, b.window = most, window
	return b
}

// loginBuckets are what a login as name counts in, but for a device that has logged in to that
// account: it has a bucket to itself, see UserForLogin in db/queries. Strangers must not lock out the one they try to be. It is
// of that account on that device, and stays whoever logs in there next: an account of one's
// own must not buy new guesses at another. The name counts as it was typed, whether there is such an account or not, by whichever of
// its two names: the throttle tells nobody whose an email address is.
func loginBuckets(name string, from Client) []bucket {
	return []bucket{
		newBucket("account", name),
		newBucket("address", Network(from.Address)).per(failureWindow, failuresAtAddress),
	}
}

func (a *Accounts) signupBuckets(from Client) []bucket {
	return []bucket{
		newBucket("signup", Network(from.Address)).per(time.Hour, a.rules.SignupsPerHour),
		newBucket("signups", "").per(24*time.Hour, a.rules.SignupsPerDay),
	}
}

// linkBuckets are what asking for a link counts in, again by the name as it was typed. What
// is mailed to one account under all its names is counted by who sends it.
func linkBuckets(name string, from Client) []bucket {
	return []bucket{
		newBucket("link", name).per(time.Hour, linksFor),
		newBucket("links", Network(from.Address)).per(time.Hour, linksAtAddress),
	}
}

// Network is what one client can be told by: whoever has an IPv6 address has a /64.
func Network(address netip.Addr) string {
	address = address.Unmap().WithZone("")
	bits := address.BitLen()
	if address.Is6() {
		bits = 64
	}
	prefix, err := address.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return prefix.String()
}

// takeTurns counts a turn in every bucket before it is known how it ends, so that of
// many at once no more get through than one after the other. When one of the buckets is
// throttled none counts, and it returns fault.Throttled. Always the same order of
// buckets keeps two requests from waiting for each other.
func takeTurns(ctx context.Context, q *db.Queries, buckets []bucket, tooMany string) error {
	kinds, numbers, windows, mosts := columns(buckets)
	seconds, err := q.TakeTurns(ctx, db.TakeTurnsParams{Kinds: kinds, Buckets: numbers, Windows: windows, Mosts: mosts})
	if err != nil {
		return err
	}
	return throttledFor(seconds, tooMany)
}

// throttledFor is fault.Throttled, or nil when that is for no time.
func throttledFor(seconds int32, tooMany string) error {
	if seconds == 0 {
		return nil
	}
	return fault.Throttled{Words: tooMany, Wait: time.Duration(seconds) * time.Second}
}

// columns are the buckets as the queries take them, windows in seconds.
func columns(buckets []bucket) (kinds []string, numbers, windows, mosts []int32) {
	kinds, numbers, windows = []string{}, []int32{}, []int32{} // no NULL where there are none
	for _, b := range buckets {
		kinds, numbers = append(kinds, b.kind), append(numbers, b.number)
		windows, mosts = append(windows, int32(b.window/time.Second)), append(mosts, int32(b.most))
	}
	return kinds, numbers, windows, mosts
}

// giveBack undoes turns that were no failures. It must outlive the request: one that
// ran out of time at the gate is no wrong password.
func (a *Accounts) giveBack(ctx context.Context, buckets []bucket) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveBackWithin)
	defer cancel()
	kinds, numbers, windows, _ := columns(buckets)
	return a.store.GiveBack(ctx, db.GiveBackParams{Kinds: kinds, Buckets: numbers, Windows: windows})
}
