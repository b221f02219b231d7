package logging

import (
	"log/slog"
	"strconv"
	"time"
)

// text is key=value, as slog's TextHandler writes it.
type text struct{}

func (text) begin(line []byte, at time.Time, level slog.Level, message string) ([]byte, bool) {
	line = append(line, "time="...)
	line = at.AppendFormat(line, "2006-01-02T15:04:05.000Z07:00")
	line = append(line, " level="...)
	line = append(line, level.String()...)
	line = append(line, " msg="...)
	return append(line, message...), isWord(message)
}

func (text) attr(line []byte, attr slog.Attr) ([]byte, bool) {
	if !isWord(attr.Key) {
		return line, false
	}
	line = append(line, ' ')
	line = append(line, attr.Key...)
	line = append(line, '=')
	switch value := attr.Value; value.Kind() {
	case slog.KindString:
		return append(line, value.String()...), isWord(value.String())
	case slog.KindInt64:
		return strconv.AppendInt(line, value.Int64(), 10), true
	case slog.KindDuration:
		return append(line, value.Duration().String()...), true
	}
	return line, false
}

func (text) end(line []byte) []byte { return append(line, '\n') }

// json is an object on each line, as slog's JSONHandler writes it.
type json struct{}

func (json) begin(line []byte, at time.Time, level slog.Level, message string) ([]byte, bool) {
	line = append(line, `{"time":"`...)
	line = at.AppendFormat(line, time.RFC3339Nano)
	line = append(line, `","level":"`...)
	line = append(line, level.String()...)
	line = append(line, `","msg":"`...)
	line = append(line, message...)
	return append(line, '"'), isPlain(message)
}

func (json) attr(line []byte, attr slog.Attr) ([]byte, bool) {
	if !isPlain(attr.Key) {
		return line, false
	}
	line = append(line, `,"`...)
	line = append(line, attr.Key...)
	line = append(line, `":`...)
	switch value := attr.Value; value.Kind() {
	case slog.KindString:
		line = append(line, '"')
		line = append(line, value.String()...)
		return append(line, '"'), isPlain(value.String())
	case slog.KindInt64:
		return strconv.AppendInt(line, value.Int64(), 10), true
	case slog.KindDuration:
		return strconv.AppendInt(line, int64(value.Duration()), 10), true
	}
	return line, false
}

func (json) end(line []byte) []byte { return append(line, "}\n"...) }

// isPlain tells whether a text is the same between quotes, in JSON.
func isPlain(text string) bool {
	for _, c := range []byte(text) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
	}
	return true
}

// isWord tells whether a text needs no quotes, in key=value.
func isWord(text string) bool {
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' || c == '"' || c == '=' || c == '\\' {
			return false
		}
	}
	return text != ""
}
