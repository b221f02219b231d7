package main

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/pprof"
	"runtime"
	"slices"
	"time"

	"miniblog/db"
	"miniblog/handlers"
	"miniblog/internal/bulkhead"
)

// startAdmin serves /metrics and profiles on the second, private listener, where
// there is one. The public listener never has them.
func startAdmin(listener net.Listener, store *db.Store, blog *handlers.Server, log *slog.Logger) (stop func()) {
	if listener == nil {
		return func() {}
	}
	server := &http.Server{Handler: adminPages(store, blog), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener)
	log.Info("admin listening", "admin_addr", listener.Addr().String())
	return func() { server.Close() }
}

func adminPages(store *db.Store, blog *handlers.Server) http.Handler {
	pages := http.NewServeMux()
	pages.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) { writeMetrics(w, store, blog) })
	pages.HandleFunc("GET /debug/pprof/", pprof.Index)
	pages.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	pages.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	pages.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	pages.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return pages
}

// writeMetrics writes metrics in Prometheus's text format, version 0.0.4.
func writeMetrics(w http.ResponseWriter, store *db.Store, blog *handlers.Server) {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	pool := store.Pool.Stat()
	pages, bytes := blog.Kept()
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	for _, gauge := range []struct {
		name, help string
		value      uint64
	}{
		{"miniblog_goroutines", "Goroutines alive.", uint64(runtime.NumGoroutine())},
		{"miniblog_heap_bytes", "Bytes of heap in use.", memory.HeapInuse},
		{"miniblog_memory_bytes", "Bytes obtained from the system.", memory.Sys},
		{"miniblog_database_connections", "Connections to PostgreSQL.", uint64(pool.TotalConns())},
		{"miniblog_database_connections_in_use", "Connections that run a query now.", uint64(pool.AcquiredConns())},
		{"miniblog_kept_pages", "Pages kept in memory.", uint64(pages)},
		{"miniblog_kept_bytes", "Bytes of pages kept in memory.", uint64(bytes)},
	} {
		fmt.Fprintf(w, "# HELP %[1]s %[2]s\n# TYPE %[1]s gauge\n%[1]s %[3]d\n", gauge.name, gauge.help, gauge.value)
	}
	writeUse(w, blog.Use())
}

// writeUse writes how much each kind of work is used.
func writeUse(w io.Writer, all map[string]bulkhead.Use) {
	for _, metric := range []struct {
		name, kind, help string
		of               func(bulkhead.Use) int64
	}{
		{"miniblog_requests_at_work", "gauge", "Requests that may use the database now.", func(u bulkhead.Use) int64 { return u.AtWork }},
		{"miniblog_requests_waiting", "gauge", "Requests that wait for their turn.", func(u bulkhead.Use) int64 { return u.Waiting }},
		{"miniblog_requests_turned_away_total", "counter", "Requests that did not get a turn (503).", func(u bulkhead.Use) int64 { return u.TurnedAway }},
	} {
		fmt.Fprintf(w, "# HELP %[1]s %[2]s\n# TYPE %[1]s %[3]s\n", metric.name, metric.help, metric.kind)
		for _, work := range slices.Sorted(maps.Keys(all)) {
			fmt.Fprintf(w, "%s{work=%q} %d\n", metric.name, work, metric.of(all[work]))
		}
	}
}
