package password

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

func TestAPasswordIsVerifiedAgainstItsHash(t *testing.T) {
	t.Parallel()
	g := New(1, time.Minute)
	encoded, err := g.Hash(t.Context(), "correct horse\x00é")
	if err != nil {
		t.Fatal(err)
	}
	for pw, want := range map[string]bool{"correct horse\x00é": true, "correct horse\x00e\u0301": true, "correct horse\x00": false, "": false} {
		ok, rehash, err := g.Verify(t.Context(), encoded, pw)
		if ok != want || rehash || err != nil {
			t.Errorf("Verify(%q) = %v, %v, %v", pw, ok, rehash, err)
		}
	}
}

// From test.c of the reference implementation, phc-winner-argon2.
func TestAHashOfTheReferenceToolIsAcceptedAndReplaced(t *testing.T) {
	t.Parallel()
	const theirs = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	ok, rehash, err := New(1, time.Minute).Verify(t.Context(), theirs, "password")
	if !ok || !rehash || err != nil {
		t.Errorf("right password: %v, %v, %v", ok, rehash, err)
	}
	ok, rehash, err = New(1, time.Minute).Verify(t.Context(), theirs, "passwore")
	if ok || rehash || err != nil {
		t.Errorf("wrong password: %v, %v, %v", ok, rehash, err)
	}
}

func TestAnAccountWithoutAPasswordMatchesNothing(t *testing.T) {
	t.Parallel()
	for _, pw := range []string{"", "correct horse"} {
		if ok, rehash, err := New(1, 0).Verify(t.Context(), "", pw); ok || rehash || err != nil {
			t.Errorf("%q: %v, %v, %v", pw, ok, rehash, err)
		}
	}
}

func TestAHashThatCannotBeReadMatchesNothing(t *testing.T) {
	t.Parallel()
	ok, rehash, err := New(1, 0).Verify(t.Context(), "plaintext", "plaintext")
	if ok || rehash || !errors.Is(err, ErrMalformed) {
		t.Errorf("%v, %v, %v", ok, rehash, err)
	}
}

// Each of these must stand in line like a true comparison, or the time of the
// answer tells who has an account.
func TestEveryComparisonTakesItsTurn(t *testing.T) {
	full := func(t *testing.T) *Gate {
		g := New(1, 2*time.Second)
		if !g.slots.TryAcquire(1) {
			t.Fatal("a new gate is taken")
		}
		return g
	}
	for name, call := range map[string]func(context.Context, *Gate) error{
		"a hash":           func(ctx context.Context, g *Gate) error { _, err := g.Hash(ctx, "pw"); return err },
		"a known user":     func(ctx context.Context, g *Gate) error { _, _, err := g.Verify(ctx, decoy.String(), "pw"); return err },
		"nobody":           func(ctx context.Context, g *Gate) error { return g.VerifyNobody(ctx, "pw") },
		"no password":      func(ctx context.Context, g *Gate) error { _, _, err := g.Verify(ctx, "", "pw"); return err },
		"a malformed hash": func(ctx context.Context, g *Gate) error { _, _, err := g.Verify(ctx, "x", "pw"); return err },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start, err := time.Now(), call(t.Context(), full(t))
				if !errors.Is(err, ErrBusy) || time.Since(start) != 2*time.Second {
					t.Errorf("%v after %v", err, time.Since(start))
				}
			})
		})
	}
}

func TestOneWhoGivesUpWaitingIsToldSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(1, 2*time.Second)
		g.slots.TryAcquire(1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := g.VerifyNobody(ctx, "pw"); err != context.DeadlineExceeded {
			t.Errorf("while waiting: %v", err)
		}
		g.slots.Release(1)
		if err := g.VerifyNobody(ctx, "pw"); err != context.DeadlineExceeded {
			t.Errorf("with the gate free: %v", err)
		}
	})
}

func TestAWaiterGetsInWhenASlotIsFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(1, 2*time.Second)
		g.slots.TryAcquire(1)
		time.AfterFunc(time.Second, func() { g.slots.Release(1) })
		if err := g.VerifyNobody(t.Context(), "pw"); err != nil {
			t.Error(err)
		}
		if !g.slots.TryAcquire(1) {
			t.Error("its slot was not given back")
		}
	})
}

func TestALargerHashTakesMoreSlotsButNeverMoreThanThereAre(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		slots        int
		memory       uint32
		lanes        uint8
		wantedWeight int64
	}{
		{8, 19456, 1, 1}, {8, 19457, 1, 2}, {8, 65536, 1, 4}, {8, 8192, 1, 1}, {8, 8192, 3, 3}, {2, 65536, 4, 2},
	} {
		if got := New(c.slots, 0).weight(hash{memory: c.memory, lanes: c.lanes}); got != c.wantedWeight {
			t.Errorf("%+v weighs %d", c, got)
		}
	}
}

func TestAGateHasASlotForEachProcessor(t *testing.T) {
	t.Parallel()
	if g := New(0, 0); g.size != int64(runtime.GOMAXPROCS(0)) || g.wait != patience {
		t.Errorf("%d slots, %s of waiting", g.size, g.wait)
	}
}
