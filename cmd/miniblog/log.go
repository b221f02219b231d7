package main

import (
	"log/slog"
	"os"

	"miniblog/internal/config"
	"miniblog/internal/logging"
)

// logger writes to stderr in the format that the settings ask for; what it may hold back for a
// moment is there after flush.
func logger(settings *config.Config, level slog.Level) (log *slog.Logger, flush func() error) {
	lines := logging.Text(os.Stderr, level)
	if settings.Log == config.LogJSON {
		lines = logging.JSON(os.Stderr, level)
	}
	return slog.New(lines), lines.Flush
}
