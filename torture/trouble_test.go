package torture

import (
	"math/rand/v2"
	"slices"
	"time"
)

// toll counts the troubles.
type toll struct{ blog, postgres, cuts, stalls, slows int }

// troubles are a deck of cards: every trouble comes up, in an order of chance.
var troubles = []func(*world, *rand.Rand){
	(*world).killBlog, (*world).killBlog, (*world).killBlog,
	(*world).killPostgres, (*world).killPostgres, (*world).killPostgres,
	(*world).killBoth,
	(*world).cut, (*world).cut, (*world).cut, (*world).cut,
	(*world).stall, (*world).stall,
	(*world).trickle,
}

// suffer has trouble for some time, and until both were killed often enough.
func (w *world) suffer(length time.Duration, kills int) {
	w.t.Helper()
	dice := dice(2000)
	var deck []func(*world, *rand.Rand)
	for begun := time.Now(); time.Since(begun) < length || w.toll.blog < kills || w.toll.postgres < kills || w.toll.cuts == 0; {
		if time.Since(begun) > 4*length+openLimit {
			w.t.Fatalf("only %+v in %s", w.toll, time.Since(begun))
		}
		if len(deck) == 0 {
			deck = slices.Clone(troubles)
			dice.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
		}
		time.Sleep(between(dice, 0, 1200*time.Millisecond))
		deck[0](w, dice)
		deck = deck[1:]
	}
}

func (w *world) killBlog(dice *rand.Rand) {
	w.blog.kill()
	w.toll.blog++
	if dice.IntN(4) == 0 { // and once more while it starts
		w.blog.launch()
		time.Sleep(between(dice, 0, 150*time.Millisecond))
		w.blog.kill()
		w.toll.blog++
	}
	w.blog.open()
}

func (w *world) killPostgres(dice *rand.Rand) {
	w.database.kill()
	w.toll.postgres++
	if dice.IntN(4) == 0 { // and once more while it recovers
		w.database.killOpening(between(dice, 0, 300*time.Millisecond))
		w.toll.postgres++
	}
	w.openDatabase()
}

func (w *world) killBoth(dice *rand.Rand) {
	w.blog.kill()
	w.toll.blog++
	time.Sleep(between(dice, 0, 5*time.Millisecond)) // what is on its way may still arrive
	w.killPostgres(dice)
	w.blog.open()
}

func (w *world) cut(*rand.Rand) {
	w.proxy.cut()
	w.toll.cuts++
}

func (w *world) stall(dice *rand.Rand) {
	w.proxy.stall(between(dice, 100*time.Millisecond, 3*time.Second)) // some longer than browsers wait
	w.toll.stalls++
}

func (w *world) trickle(dice *rand.Rand) {
	w.proxy.trickle(between(dice, 100*time.Millisecond, 2*time.Second))
	w.toll.slows++
}
