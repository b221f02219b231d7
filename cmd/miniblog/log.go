package main

import (
	"log/slog"
	"os"

	"miniblog/internal/config"
)

// logger writes to stderr in the format that the settings ask for.
func logger(settings *config.Config, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if settings.Log == config.LogJSON {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}
