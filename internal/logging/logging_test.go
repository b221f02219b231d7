package logging_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"miniblog/internal/logging"
)

// kinds are this package's handlers and those of log/slog.
var kinds = map[string]struct {
	ours   func(io.Writer, slog.Level) *logging.Log
	theirs func(io.Writer, *slog.HandlerOptions) slog.Handler
}{
	"text": {logging.Text, func(w io.Writer, o *slog.HandlerOptions) slog.Handler { return slog.NewTextHandler(w, o) }},
	"json": {logging.JSON, func(w io.Writer, o *slog.HandlerOptions) slog.Handler { return slog.NewJSONHandler(w, o) }},
}

// same has both write a record and compares them.
func same(t *testing.T, record slog.Record) {
	t.Helper()
	for name, kind := range kinds {
		var got, want bytes.Buffer
		ours := kind.ours(&got, slog.LevelInfo)
		if err := errors.Join(ours.Handle(t.Context(), record), ours.Flush(), kind.theirs(&want, nil).Handle(t.Context(), record)); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Errorf("%s: got %q, slog writes %q", name, got.String(), want.String())
		}
	}
}

func TestLinesAreTheOnesOfSlog(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 30, 19, 39, 42, 202_124_703, time.FixedZone("", 3600))
	for _, at := range []time.Time{at, at.UTC(), at.Truncate(time.Second), {}, at.AddDate(9000, 0, 0), at.AddDate(-3000, 0, 0)} {
		for _, attrs := range [][]slog.Attr{
			nil,
			{slog.String("id", "3YHCCXYNXA7WOBMX"), slog.String("method", "GET"), slog.String("route", "/@:username/:slug"), slog.Int("status", 200), slog.Duration("took", 2174)},
			{slog.String("route", "")},
			{slog.Duration("took", 0), slog.Duration("took", -time.Hour)},
			{slog.Any("cause", errors.New("no \"such\" thing\n")), slog.Bool("is", true), slog.Float64("rate", 1.5), slog.Uint64("n", 1)},
			{slog.Group("of", slog.Int("one", 1)), slog.Time("at", at)},
			{{}, slog.String("", "")},
		} {
			record := slog.NewRecord(at, slog.LevelWarn+1, "request", 0)
			record.AddAttrs(attrs...)
			same(t, record)
		}
	}
}

func FuzzLines(f *testing.F) {
	for _, text := range []string{"request", "", "two words", `"`, `\`, "a=b", "<&>", "\x7f", "\xff", "žluť", "\n"} {
		f.Add(text, text, text)
	}
	f.Fuzz(func(t *testing.T, message, key, value string) {
		record := slog.NewRecord(time.Unix(1_790_000_000, 5), slog.LevelInfo, message, 0)
		record.AddAttrs(slog.String(key, value), slog.Int("n", len(value)))
		same(t, record)
	})
}

// written notes what arrives, and when.
type written struct {
	mu    sync.Mutex
	text  strings.Builder
	times int
}

func (w *written) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.times++
	return w.text.Write(text)
}

func (w *written) lines() (lines, times int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Count(w.text.String(), "\n"), w.times
}

func TestABurstIsWrittenTogetherAndSoon(t *testing.T) {
	t.Parallel()
	out := &written{}
	log := slog.New(logging.JSON(out, slog.LevelInfo))
	log.Info("first")
	if lines, _ := out.lines(); lines != 1 {
		t.Errorf("a line that comes alone waits")
	}
	log.Debug("not this")
	for range 20 {
		log.Info("more", "any", []int{1})
		log.With("a", 1).WithGroup("g").Info("more", "b", 2)
	}
	for began := time.Now(); ; time.Sleep(time.Millisecond) {
		lines, times := out.lines()
		if lines == 41 {
			if times > 20 {
				t.Errorf("40 lines in a burst are written in %d pieces", times)
			}
			break
		}
		if time.Since(began) > 10*time.Second {
			t.Fatalf("of 41 lines %d were written", lines)
		}
	}
	log.Info("waits")
	log.Info("waits")
	log.Warn("at once")
	if lines, _ := out.lines(); lines != 44 {
		t.Errorf("a warning waits, or what came before it: %d lines of 44", lines)
	}
}

func TestManyLinesDoNotWait(t *testing.T) {
	t.Parallel()
	out := &written{}
	log := slog.New(logging.Text(out, slog.LevelInfo))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 1000 {
				log.Info("a line of some fifty bytes, which says nothing at all")
			}
		})
	}
	all.Wait()
	if lines, _ := out.lines(); lines < 2000 {
		t.Errorf("of 4000 lines %d are there", lines)
	}
}

func BenchmarkRequestLine(b *testing.B) {
	for name, kind := range kinds {
		for whose, handler := range map[string]slog.Handler{"ours": kind.ours(io.Discard, slog.LevelInfo), "slog": kind.theirs(io.Discard, nil)} {
			b.Run(name+"/"+whose, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					record := slog.NewRecord(time.Now(), slog.LevelInfo, "request", 0)
					record.AddAttrs(slog.String("id", "3YHCCXYNXA7WOBMX"), slog.String("method", "GET"), slog.String("route", "/"), slog.Int("status", 200), slog.Duration("took", 2174))
					if err := handler.Handle(b.Context(), record); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
