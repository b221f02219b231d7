package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// saver has a published post and saves it again and again, from a plain form.
type saver struct {
	connection
	session string
	post    uuid.UUID
	text    string
	version int    // that the post shows
	path    string // where it is read
}

// savers is how many posts are saved at once, writing how many authors write.
const (
	savers  = 8
	writing = 10
)

// openSavers publishes posts to be saved, and says what the number of the first is. By that a script of pgbench finds
// them.
func (s *site) openSavers(count int) (all []*saver, first int, err error) {
	first = s.saved
	for range count {
		v := &saver{connection: connection{addr: s.addr}, session: s.writers[0].session, text: s.writers[0].text}
		v.post = uuid.MustParse(fmt.Sprintf("018f0000-0000-7000-9000-%012d", s.saved))
		s.saved++
		if err := v.send("/posts", v.form()); err != nil {
			return nil, 0, fmt.Errorf("publish a post: %w", err)
		}
		all = append(all, v)
	}
	return all, first, nil
}

// closeSavers takes their posts away: the home page is to be what it was.
func closeSavers(all []*saver) error {
	var failed []error
	for _, v := range all {
		failed = append(failed, v.send("/posts/"+v.post.String()+"/deletion", url.Values{}))
		v.close()
	}
	return errors.Join(failed...)
}

func (v *saver) form() url.Values {
	return url.Values{
		"id": {v.post.String()}, "title": {"A post that is saved again and again"}, "tags": {"saving, bench"}, "status": {"published"},
		"body":    {cut(v.text, 3<<10) + "\n\nVersion " + strconv.Itoa(v.version+1) + "."},
		"version": {strconv.Itoa(v.version)},
	}
}

// save keeps the next text.
func (v *saver) save() error { return v.send("/posts/"+v.post.String(), v.form()) }

// send posts a form, which is to be answered by leading on.
func (v *saver) send(path string, form url.Values) error {
	body := form.Encode()
	answer, err := v.askFor(seeOther, fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nCookie: session=%s\r\nSec-Fetch-Site: same-origin\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", path, v.addr, v.session, len(body), body))
	if err == nil {
		v.version++
		v.path, _, _ = strings.Cut(string(answer.Header.Peek("Location")), "?")
	}
	return err
}

//go:embed sql/reading.sql
var reading string

// measureSaves compares saves of published posts with the statements of their transactions, sent by pgbench.
func measureSaves(ctx context.Context, s *site, o options, progress io.Writer) (text string, err error) {
	all, first, err := s.openSavers(savers + s.database.store.Connections())
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, closeSavers(all)) }()
	mine, forPgbench := all[:savers], all[savers:]
	script, err := savingScript(first + savers)
	if err != nil {
		return "", err
	}
	variables, err := s.readingOf(ctx, forPgbench[0].post)
	if err != nil {
		return "", err
	}
	rivals := []rival{{"miniblog", s.cmd.Process.Pid, func(ctx context.Context, each time.Duration) (answers, error) {
		begun := time.Now()
		t := drive(ctx, begun.Add(each), len(mine), func(i int) error { return mine[i].save() })
		return t.answers(time.Since(begun)), ctx.Err()
	}}}
	for _, way := range []struct{ name, dsn string }{{"pgbench", s.database.socket()}, {"pgbench over TCP", s.database.tcp()}} {
		one, err := s.pgbench(way.name+" saving", way.dsn, script, variables)
		if err != nil {
			return "", err
		}
		one.name = way.name
		rivals = append(rivals, one)
	}
	t, err := contest(ctx, fmt.Sprintf("saving a published post, %d at once", savers), rivals, o, progress)
	if err != nil {
		return "", err
	}
	s.chart("saves", fmt.Sprintf("Saving published posts, %d at once: more and more posts", savers), "posts").add(float64(o.posts), t)
	return setting(s, o, fmt.Sprintf("%d clients, pgbench over %d connections", savers, s.database.store.Connections()/2)) + table([]trial{t}), t.failure()
}

// drive has so many do something, each again as soon as it is done, until a time.
func drive(ctx context.Context, until time.Time, count int, do func(i int) error) tally {
	parts := make([]tally, count)
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() {
			for begun := time.Now(); begun.Before(until) && ctx.Err() == nil; begun = time.Now() {
				err := do(i)
				parts[i].add(time.Since(begun), err)
			}
		})
	}
	all.Wait()
	return together(parts)
}

// answers is the tally of so long as wrk would count it.
func (t tally) answers(span time.Duration) answers {
	return answers{
		perSecond: float64(len(t.took)) / span.Seconds(), p50: t.quantile(0.5), p90: t.quantile(0.9), p99: t.quantile(0.99),
		count: len(t.took), failed: t.failed, failure: t.failure,
	}
}

// savingScript is the transaction of a save: the blog's own queries, in the order in which it sends them.
func savingScript(first int) (string, error) {
	var script strings.Builder
	script.WriteString("BEGIN;\n")
	for _, query := range []struct{ file, name string }{
		{"posts.sql", "LockPost"}, {"versions.sql", "NewestOfSitting"}, {"versions.sql", "AddVersion"},
		{"posts.sql", "RevisePost"}, {"posts.sql", "PostForAuthor"},
	} {
		text, err := queryNamed(query.file, query.name)
		if err != nil {
			return "", err
		}
		if query.name == "AddVersion" {
			text = strings.TrimSuffix(text, ";\n") + " \\gset saved_\n\\set version :saved_number\n\\set base :saved_number\n"
		}
		script.WriteString(text)
	}
	script.WriteString("COMMIT;\n")
	// Each client has a post of its own, from that number on.
	post := fmt.Sprintf("('018f0000-0000-7000-9000-' || lpad((:client_id + %d)::text, 12, '0'))::uuid", first)
	return strings.NewReplacer(":post_id", post, ":id,", post+",", ":id ", post+" ", ":id;", post+";").Replace(script.String()), nil
}

// readingOf is all that the script's queries are given, as the blog has made it of a post's text.
func (s *site) readingOf(ctx context.Context, post uuid.UUID) (map[string]string, error) {
	names := []string{
		"title", "body", "excerpt", "words", "tags", "tag_slugs", "tag_line", "html", "plain", "outline", "links", "renderer", "language", "author_id",
	}
	values := make([]string, len(names))
	into := make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	if err := s.database.store.Pool.QueryRow(ctx, reading, post).Scan(into...); err != nil {
		return nil, fmt.Errorf("look at a post: %w", err)
	}
	variables := map[string]string{"kind": "saved", "sitting": uuid.NewString(), "turn": "0", "base": "1", "other_base": "0"}
	for i, name := range names {
		variables[name] = values[i]
	}
	return variables, nil
}
