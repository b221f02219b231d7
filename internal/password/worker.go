package password

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"
)

const (
	// settle is how long workers are kept after the last hash of any, before their memory goes back.
	settle = 5 * time.Second
	// tooLong is how long no hash has ever taken, by far.
	tooLong = 30 * time.Second
)

// order is what a worker is asked: to compare the password with a stored hash or, where there is none, to make one.
type order struct {
	Encoded  string `json:"encoded,omitempty"`
	Password []byte `json:"password"` // which need not be text
}

// result is what became of an order.
type result struct {
	Encoded string `json:"encoded,omitempty"` // the new hash
	Matches bool   `json:"matches,omitempty"`
}

func (o order) carryOut() result {
	if o.Encoded == "" {
		return result{Encoded: derive(string(o.Password)).String()}
	}
	h, err := readStored(o.Encoded)
	return result{Matches: err == nil && h.matches(string(o.Password))}
}

// large reports whether the order takes more memory than the next is likely to.
func (o order) large() bool {
	h, err := readStored(o.Encoded)
	return err == nil && h.slots() > 1
}

// workerArgument is the argument with which a program that has this package is a worker, and nothing else. It is no command for people.
const workerArgument = "hash"

// A worker works before the packages that come later are initialized: Go's collector looks through all that they would keep, after
// each hash, as what chroma knows of 250 languages. Packages come by their path, each after those it imports. So this one must not
// import what sorts after "regexp" and nothing else needs before, as runtime/debug; a test tells.
func init() {
	if !slices.Equal(os.Args[1:], []string{workerArgument}) {
		return
	}
	ended := make(chan error)
	go func() { ended <- work(os.Stdin, os.Stdout) }() // this goroutine is bound to its thread until main begins
	if err := <-ended; err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	os.Exit(0)
}

// work hashes for the gate of another process, which sends its orders to in and reads the results from
// out, one after the other, until in ends. The signals that tell a group of processes to stop do not end it: they are
// for that other one, which lets the log-ins under way end.
func work(in io.Reader, out io.Writer) error {
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	orders, results := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var o order
		if err := orders.Decode(&o); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		runtime.GC() // at once before the next: nothing smaller has its memory by then
		if err := results.Encode(o.carryOut()); err != nil {
			return err
		}
	}
}

// workers are the processes that hash for a gate, as many as hash at once. They start when they are
// needed.
type workers struct {
	log  *slog.Logger
	path string   // of the program
	args []string // that have it work

	mu     sync.Mutex
	idle   []*worker
	settle time.Duration
	empty  *time.Timer // ends those who are idle
}

func newWorkers(log *slog.Logger, path string, args []string) *workers {
	w := &workers{log: log, path: path, args: args, settle: settle}
	w.empty = time.AfterFunc(settle, w.end)
	w.empty.Stop()
	return w
}

// carryOut has a worker carry out the order. One that has been ended meanwhile, as by a system that was out of
// memory, is replaced. Where none can be started, or live, this process does the work.
func (w *workers) carryOut(o order) result {
	for one := w.take(); one != nil; one = w.take() {
		r, err := one.carryOut(o)
		if err == nil {
			w.leave(one, o)
			return r
		}
		w.log.Warn("a process that hashes passwords has ended", "error", errors.Join(err, one.end()))
	}
	one, err := startWorker(w.path, w.args)
	if err == nil {
		var r result
		if r, err = one.carryOut(o); err == nil {
			w.leave(one, o)
			return r
		}
		err = errors.Join(err, one.end())
	}
	w.log.Error("no process for hashing passwords can be started: this one does it", "error", err)
	return o.carryOut()
}

// take returns one who is idle, or nil.
func (w *workers) take() *worker {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := len(w.idle) - 1
	if last < 0 {
		return nil
	}
	one := w.idle[last]
	w.idle = w.idle[:last]
	return one
}

// leave lets the one be idle that has carried the order out. After a large one, it would keep more memory than it needs.
func (w *workers) leave(one *worker, o order) {
	if o.large() {
		w.dismiss(one)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.idle = append(w.idle, one)
	w.empty.Reset(w.settle)
}

// end ends those who are idle.
func (w *workers) end() {
	w.mu.Lock()
	ending := w.idle
	w.idle = nil
	w.mu.Unlock()
	for _, one := range ending {
		w.dismiss(one)
	}
}

func (w *workers) dismiss(one *worker) {
	if err := one.end(); err != nil {
		w.log.Warn("a process that hashes passwords has ended", "error", err)
	}
}

// worker is a process that does work.
type worker struct {
	command *exec.Cmd
	in      io.Closer
	orders  *json.Encoder
	results *json.Decoder
}

// startWorker starts a process that knows nothing of this one's settings.
func startWorker(path string, args []string) (*worker, error) {
	command := exec.Command(path, args...)
	command.Args[0] = os.Args[0] // as what it is listed
	command.Stderr = os.Stderr
	command.Env = []string{
		"GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1", // nobody else waits for its thread
		"GOGC=off", // what a hash leaves behind is kept for the next one, with all of its pages
	}
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &worker{command: command, in: in, orders: json.NewEncoder(in), results: json.NewDecoder(out)}, command.Start()
}

var errNoHash = errors.New("password: no hash was made")

func (one *worker) carryOut(o order) (r result, err error) {
	defer one.notTooLong()()
	if err = one.orders.Encode(o); err == nil {
		err = one.results.Decode(&r)
	}
	if err == nil && o.Encoded == "" && r.Encoded == "" {
		err = errNoHash
	}
	return r, err
}

// end lets the process end, and waits for that.
func (one *worker) end() error {
	defer one.notTooLong()()
	return errors.Join(one.in.Close(), one.command.Wait())
}

// notTooLong kills the process, unless it is stopped in time: one that hangs must not keep a slot.
func (one *worker) notTooLong() (stop func()) {
	timer := time.AfterFunc(tooLong, func() { _ = one.command.Process.Kill() }) // it may be over
	return func() { timer.Stop() }
}
