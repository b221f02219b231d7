// Package logging writes a log as log/slog's handlers do, to the byte, and more cheaply: lines
// of plain values are put together here, and lines that come in a burst go to the system
// together. A page that is answered from memory costs little more than the line about it.
package logging

import (
	"context"
	"io"
	"log/slog"
	"time"
)

// Log is a slog.Handler for lines of one level and above.
type Log struct {
	lines  *lines
	level  slog.Level
	format format
	slow   slog.Handler // writes what is not plain
}

// format is how a line of plain values is written.
type format interface {
	begin(line []byte, at time.Time, level slog.Level, message string) ([]byte, bool)
	attr(line []byte, attr slog.Attr) ([]byte, bool) // false: slog is to write this
	end(line []byte) []byte
}

// Text logs as slog.NewTextHandler does.
func Text(out io.Writer, level slog.Level) *Log {
	to := newLines(out)
	return &Log{to, level, text{}, slog.NewTextHandler(to, &slog.HandlerOptions{Level: level})}
}

// JSON logs as slog.NewJSONHandler does.
func JSON(out io.Writer, level slog.Level) *Log {
	to := newLines(out)
	return &Log{to, level, json{}, slog.NewJSONHandler(to, &slog.HandlerOptions{Level: level})}
}

// Enabled tells whether lines of that level are written.
func (l *Log) Enabled(_ context.Context, level slog.Level) bool { return level >= l.level }

// Handle writes a line. It is there at once, unless others were there just before: then
// within a tenth of a second, or with the next warning.
func (l *Log) Handle(ctx context.Context, record slog.Record) error {
	err := l.lines.add(func(line []byte) ([]byte, bool) { return l.quick(line, record) })
	if err == errNotPlain {
		err = l.slow.Handle(ctx, record)
	}
	if record.Level >= slog.LevelWarn {
		return l.Flush()
	}
	return err
}

// quick appends the line, if every value in it is plain.
func (l *Log) quick(line []byte, record slog.Record) (longer []byte, plain bool) {
	if year := record.Time.Year(); year < 1 || year > 9999 || record.Time.IsZero() {
		return line, false
	}
	line, plain = l.format.begin(line, record.Time.Round(0), record.Level, record.Message)
	record.Attrs(func(attr slog.Attr) bool {
		if plain {
			line, plain = l.format.attr(line, attr)
		}
		return plain
	})
	return l.format.end(line), plain
}

// WithAttrs and WithGroup make handlers of slog's own, which write to the same place.
func (l *Log) WithAttrs(attrs []slog.Attr) slog.Handler { return l.slow.WithAttrs(attrs) }
func (l *Log) WithGroup(name string) slog.Handler       { return l.slow.WithGroup(name) }

// Flush writes what waits.
func (l *Log) Flush() error { return l.lines.flush() }
