package torture

import (
	"testing"
	"time"
)

// kills is how often each of both is to be killed in a run of that length: 20 times in
// three minutes.
func kills(length time.Duration) int { return max(1, int(20*length/(3*time.Minute))) }

func TestNothingAcknowledgedIsLostOrDoubledWhateverIsKilledOrCut(t *testing.T) {
	t.Parallel()
	w := openWorld(t, nil, carryBytes)
	begun := time.Now()
	w.write(0, func() { w.suffer(*length, kills(*length)) })
	took := time.Since(begun)
	v := w.judge()
	t.Log(w.report(v, took))
	some(t, "lost", v.lost)
	some(t, "duplicated", v.doubled)
	some(t, "torn", v.torn)
	some(t, "odd", w.ledger.wonders())
	some(t, "not shown", w.unreadable(v))
	if len(w.ledger.kept()) < 10*writers {
		t.Error("so little was written that this says nothing")
	}
}

// some fails the test for lines that should not be, and prints the first of them.
func some(t *testing.T, what string, lines []string) {
	t.Helper()
	for i, line := range lines {
		if i == 20 {
			t.Errorf("%s: and %d more", what, len(lines)-i)
			return
		}
		t.Errorf("%s: %s", what, line)
	}
}

// The rest shows that the test would notice: each breaks a promise on purpose.

func TestItNoticesADatabaseThatAcknowledgesBeforeItHasWritten(t *testing.T) {
	t.Parallel()
	w := openWorld(t, map[string]string{
		"synchronous_commit": "off", "fsync": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "1GB",
	}, carryBytes)
	w.losesSomething()
}

func TestItNoticesAnAcknowledgementSentBeforeCommit(t *testing.T) {
	t.Parallel()
	w := openWorld(t, map[string]string{"fsync": "off"}, carryLies)
	w.losesSomething()
}

// losesSomething kills PostgreSQL until an acknowledged write is gone.
func (w *world) losesSomething() {
	w.t.Helper()
	dice, begun := dice(3000), time.Now()
	for round := 1; round <= 20; round++ {
		w.write(round, func() {
			time.Sleep(between(dice, 300*time.Millisecond, time.Second))
			w.killPostgres(dice)
		})
		time.Sleep(2 * lie) // what was answered too early is there by now, or lost
		if v := w.judge(); len(v.lost) > 0 {
			w.t.Log(w.report(v, time.Since(begun)))
			return
		}
	}
	w.t.Errorf("it noticed nothing in %d kills", w.toll.postgres)
}

func TestItNoticesWhatIsGoneOrDoubledOrHalfWritten(t *testing.T) {
	t.Parallel()
	w := openWorld(t, map[string]string{"fsync": "off"}, carryBytes)
	w.write(0, func() { time.Sleep(500 * time.Millisecond) })
	conn := w.database.connect()
	if v := w.judge(); len(v.lost)+len(v.doubled)+len(v.torn) > 0 {
		t.Fatalf("before anything was done to it: %q, %q, %q", v.lost, v.doubled, v.torn)
	}
	for _, each := range []struct {
		does  string
		found func(*verdict) []string
	}{
		{"UPDATE posts SET body = left(body, 10)", func(v *verdict) []string { return v.torn }},
		{`CREATE TEMPORARY TABLE again AS SELECT * FROM versions WHERE number = 1;
			UPDATE again SET number = 1000;
			INSERT INTO versions SELECT * FROM again`, func(v *verdict) []string { return v.doubled }},
		{"DELETE FROM versions WHERE number IN (2, 3)", func(v *verdict) []string { return v.lost }},
	} {
		_, err := conn.Exec(t.Context(), each.does)
		noError(t, err)
		if len(each.found(w.judge())) == 0 {
			t.Errorf("it does not notice %s", each.does)
		}
	}
}
