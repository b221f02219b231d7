package main_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"miniblog/internal/dbtest"
)

// slowWrite is a post of which the blog waits for the second half.
type slowWrite struct {
	net.Conn
	rest string
}

func (p *process) beginSlowWrite(session string) *slowWrite {
	p.t.Helper()
	body := writing(uuid.New(), "Written slowly").Encode()
	conn := p.dial()
	_, err := fmt.Fprintf(conn, "POST /posts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Sec-Fetch-Site: same-origin\r\nCookie: session=%s\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", session, len(body))
	noError(p.t, err)
	if got := readAnswer(p.t, conn); got.StatusCode != http.StatusContinue { // which says that the header was read
		p.t.Fatalf("the header of a write was answered %d", got.StatusCode)
	}
	_, err = io.WriteString(conn, body[:10])
	noError(p.t, err)
	return &slowWrite{conn, body[10:]}
}

// writing is the form of a new post.
func writing(id uuid.UUID, title string) url.Values {
	return url.Values{"id": {id.String()}, "title": {title}, "body": {"Some text."}}
}

func (p *process) dial() net.Conn {
	p.t.Helper()
	conn, err := net.Dial("tcp", p.addr)
	noError(p.t, err)
	p.t.Cleanup(func() { conn.Close() })
	noError(p.t, conn.SetDeadline(time.Now().Add(startLimit)))
	return conn
}

// ask sends a GET on an open connection.
func ask(t *testing.T, conn net.Conn, path string) *http.Response {
	t.Helper()
	_, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path)
	noError(t, err)
	return readAnswer(t, conn)
}

func readAnswer(t *testing.T, conn net.Conn) *http.Response {
	t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	noError(t, err)
	_, err = io.Copy(io.Discard, response.Body)
	noError(t, err)
	return response
}

// says waits until the log has the words.
func (p *process) says(words string) {
	p.t.Helper()
	for end := time.Now().Add(startLimit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if strings.Contains(p.said(), words) {
			return
		}
	}
	p.t.Fatalf("it never says %q: %s", words, p.said())
}

func TestASignalLetsWhatIsUnderWayFinish(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			env := settings{"MINIBLOG_DATA_DIR": freshDir(t)}
			p := start(t, env)
			add(t, env, "ada")
			write, open := p.beginSlowWrite(p.login("ada")), p.dial()
			if got := ask(t, open, "/readyz"); got.StatusCode != http.StatusOK {
				t.Errorf("/readyz answered %d before the signal", got.StatusCode)
			}
			p.dial() // and one that never says a word
			p.send(signal)
			p.says("stopping") // which it then does
			within(t, func() bool {
				got := ask(t, open, "/readyz")
				return got.StatusCode == http.StatusServiceUnavailable && got.Close
			})
			within(t, func() bool { return !p.takesConnections() })
			_, err := io.WriteString(write, write.rest)
			noError(t, err)
			if got := readAnswer(t, write); got.StatusCode != http.StatusSeeOther {
				t.Errorf("the write answered %d", got.StatusCode)
			}
			if code := p.exits(15 * time.Second); code != 0 {
				t.Errorf("exit code %d: %s", code, p.said())
			}
			p.leftNothing()
		})
	}
}

func (p *process) takesConnections() bool {
	conn, err := net.Dial("tcp", p.addr)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

// hashing is how many requests hash a password or wait to.
func (p *process) hashing() (all int) {
	p.t.Helper()
	_, _, metrics := (&process{t: p.t, addr: p.admin}).get("/metrics")
	for _, state := range []string{"at_work", "waiting"} {
		_, value, _ := strings.Cut(metrics, "miniblog_requests_"+state+`{work="hashing"} `)
		var some int
		_, err := fmt.Sscan(value, &some)
		noError(p.t, err)
		all += some
	}
	return all
}

func TestASignalLetsPasswordsBeHashedToTheEnd(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	p := start(t, settings{"DATABASE_URL": store.Pool.Config().ConnString(), "MINIBLOG_ADMIN_ADDR": "127.0.0.1:0"})
	const logins = 6 // few enough for the last to get its turn in time on a busy machine
	answers := make(chan string, logins)
	for n := range logins {
		name := fmt.Sprintf("ada-%d", n)
		dbtest.User(t, store, name)
		conn := p.dial()
		form := url.Values{"username": {name}, "password": {dbtest.Password}}.Encode()
		_, err := fmt.Fprintf(conn, "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", len(form), form)
		noError(t, err)
		go func() {
			line, err := bufio.NewReader(conn).ReadString('\n')
			answers <- fmt.Sprint(strings.TrimSpace(line), err)
		}()
	}
	within(t, func() bool { return p.hashing()+len(answers) == logins })
	p.send(syscall.SIGTERM)
	for range logins {
		if got := <-answers; !strings.HasPrefix(got, "HTTP/1.1 303") {
			t.Errorf("a login was answered with %q", got)
		}
	}
	if code := p.exits(15 * time.Second); code != 0 {
		t.Errorf("exit code %d: %s", code, p.said())
	}
}

func TestASecondSignalEndsAtOnceAndLeavesNothing(t *testing.T) {
	t.Parallel()
	env := settings{"MINIBLOG_DATA_DIR": freshDir(t)}
	p := start(t, env)
	add(t, env, "ada")
	p.beginSlowWrite(p.login("ada"))
	p.send(syscall.SIGTERM)
	p.says("stopping")
	p.send(syscall.SIGTERM)
	begun := time.Now()
	if code := p.exits(5 * time.Second); code != 1 {
		t.Errorf("exit code %d: %s", code, p.said())
	}
	t.Logf("a second signal ended it after %s", time.Since(begun).Round(time.Millisecond))
	p.leftNothing()
}

func TestABlogThatWaitsForItsDatabaseCanBeStopped(t *testing.T) {
	t.Parallel()
	p := launch(t, settings{"DATABASE_URL": "postgres://miniblog@127.0.0.1:1/miniblog"}, false)
	p.says("waiting for the database")
	p.send(syscall.SIGTERM)
	if code := p.exits(5 * time.Second); code != 0 {
		t.Errorf("exit code %d: %s", code, p.said())
	}
}
