package torture

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"
)

// writers is how many write at once; the last two share their posts, the others write alone.
const writers = 8

// world is all that takes part but the writers.
type world struct {
	t        *testing.T
	database *database
	proxy    *proxy
	blog     *blog
	session  string
	ledger   *ledger
	toll     toll
}

// openWorld starts a blog that reaches its own PostgreSQL through a proxy.
func openWorld(t *testing.T, settings map[string]string, carry func(p *proxy, blog, server net.Conn)) *world {
	t.Helper()
	w := &world{t: t, database: openDatabase(t, settings), proxy: openProxy(t, carry), ledger: newLedger()}
	w.proxy.aim(w.database.address())
	w.blog = openBlog(t, w.proxy.dsn())
	w.session = w.blog.join()
	// What stands before the writing begins is none of the test's, whatever the settings.
	_, err := w.database.connect().Exec(t.Context(), "CHECKPOINT")
	noError(t, err)
	return w
}

func (w *world) openDatabase() {
	w.t.Helper()
	w.database.open()
	w.proxy.aim(w.database.address())
}

// write lets the writers write while something happens to them, and returns when the
// last text of each is acknowledged.
func (w *world) write(round int, happens func()) {
	w.t.Helper()
	stop := make(chan struct{})
	var busy sync.WaitGroup
	both := &shared{}
	for i := range writers {
		writer := &writer{
			name: fmt.Sprintf("%d.%d", round, i), dice: dice(uint64(round*writers + i)),
			client: w.blog.caller(answerLimit), session: w.session, ledger: w.ledger,
		}
		if i >= writers-2 {
			writer.shared, writer.side = both, i%2
		}
		busy.Go(func() { writer.work(stop) })
	}
	defer func() { // also when what happens ends the test
		close(stop)
		busy.Wait()
	}()
	happens()
}

// judge compares what is there with what was acknowledged.
func (w *world) judge() *verdict {
	w.t.Helper()
	v, err := judge(w.t.Context(), w.database.connect(), w.ledger)
	noError(w.t, err)
	return v
}

// report is the table that a run ends with.
func (w *world) report(v *verdict, took time.Duration) string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, value any) { fmt.Fprintf(table, "%s\t%v\t\n", name, value) }
	row("seed", *seed)
	row("writing took", took.Round(time.Second))
	row("kills of the blog", w.toll.blog)
	row("kills of PostgreSQL", w.toll.postgres)
	row("cuts", w.toll.cuts)
	row("stalls", w.toll.stalls)
	row("times slowed", w.toll.slows)
	row("requests sent", w.ledger.sent)
	row("without an answer", w.ledger.answers[0])
	row("writes sent", len(w.ledger.acknowledged))
	row("acknowledged", len(w.ledger.kept()))
	row("lost", len(v.lost))
	row("duplicated", len(v.doubled))
	row("torn or out of order", len(v.torn))
	row("posts", len(v.posts))
	row("versions", v.versions)
	table.Flush()
	return fmt.Sprintf("\n%sanswers by status: %v", text.String(), w.ledger.answers)
}
