package password

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkStorm is how Apart was chosen. A thousand people log in at
// once, over and over, while somebody reads a page over HTTP:
//
//	go test -run - -bench Storm -benchtime 5s ./internal/password
func BenchmarkStorm(b *testing.B) {
	for _, slots := range []int{max(1, runtime.GOMAXPROCS(0)-1), runtime.GOMAXPROCS(0)} {
		b.Run(strconv.Itoa(slots)+"slots", func(b *testing.B) {
			g, _ := apart(b, slots)
			g.wait = patience
			storm(b, g)
		})
	}
}

func storm(b *testing.B, g *Gate) {
	ctx, stop := context.WithCancel(b.Context())
	var logins atomic.Int64
	var crowd sync.WaitGroup
	for range 1000 {
		crowd.Go(func() {
			for ctx.Err() == nil {
				if g.VerifyNobody(ctx, "pw") == nil {
					logins.Add(1)
				} else {
					time.Sleep(100 * time.Millisecond)
				}
			}
		})
	}
	var reads []time.Duration
	url := page(b)
	for b.Loop() {
		reads = append(reads, read(b, url))
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	crowd.Wait()
	report(b, reads, logins.Load())
}

// page is a server whose one page takes 0.3 ms of work.
func page(b *testing.B) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		sum := 0
		for i := range 300_000 {
			sum += i * i
		}
		fmt.Fprintln(w, sum)
	}))
	b.Cleanup(server.Close)
	return server.URL
}

func read(b *testing.B, url string) time.Duration {
	start := time.Now()
	answer, err := http.Get(url)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func report(b *testing.B, reads []time.Duration, logins int64) {
	slices.Sort(reads)
	b.ReportMetric(float64(logins)/b.Elapsed().Seconds(), "logins/s")
	b.ReportMetric(reads[len(reads)/2].Seconds()*1e3, "ms/read-p50")
	b.ReportMetric(reads[len(reads)*99/100].Seconds()*1e3, "ms/read-p99")
}
