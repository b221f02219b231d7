package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// password is everybody's.
const password = "seven grey herons"

// person has an account of their own and is logged in, so that whatever a probe does to it is nobody else's harm.
type person struct {
	name            string
	session, device string
	words           map[string]string // what stands in braces in pages
}

// newPerson makes an account with a published post of two versions, a draft and a deleted post.
func (s *site) newPerson(ctx context.Context, as viewer) (*person, error) {
	name := "probe-" + strings.ToLower(rand.Text()[:12])
	args := []string{"user", "add", name, "--email", name + "@example.org", "--password-stdin"}
	if as == owner {
		args = append(args, "--admin")
	}
	if err := s.run(password+"\n", args...); err != nil {
		return nil, err
	}
	p, err := s.logIn(ctx, name)
	if err != nil {
		return nil, err
	}
	p.words = map[string]string{"name": name}
	for _, word := range []string{"post", "draft", "deleted"} {
		if p.words[word], err = s.write(ctx, p, word); err != nil {
			return nil, err
		}
	}
	if p.words["other"], err = s.other(ctx, p, as); err != nil {
		return nil, err
	}
	return p, s.findWords(ctx, p)
}

// write writes a post and returns its id.
func (s *site) write(ctx context.Context, p *person, word string) (id string, err error) {
	status := map[string]string{"post": "published", "draft": "draft", "deleted": "published"}[word]
	for _, path := range []string{"/new", "/posts/%s/edit"} { // and changes it
		if strings.Contains(path, "%s") {
			path = fmt.Sprintf(path, id)
		}
		form, err := s.formAt(ctx, p, path)
		if err != nil {
			return "", err
		}
		form.fields.Set("title", "The tide of "+word)
		form.fields.Set("body", "Two clocks: "+path)
		form.fields.Set("status", status)
		id = max(id, form.fields.Get("id"))
		if answer, err := s.send(ctx, p, http.MethodPost, form.action, form.fields); err != nil || answer.status != http.StatusSeeOther {
			return "", fmt.Errorf("write a post: %d, %w", answer.status, err)
		}
	}
	if word == "deleted" {
		_, err = s.send(ctx, p, http.MethodPost, "/posts/"+id+"/deletion", url.Values{})
	}
	return id, err
}

// formAt is the form with a text on a page.
func (s *site) formAt(ctx context.Context, p *person, path string) (target, error) {
	found, err := s.targetsOn(ctx, p, p, path)
	for _, each := range found {
		if each.fields.Has("body") {
			return each, nil
		}
	}
	return target{}, errors.Join(err, fmt.Errorf("no editor at %s", path))
}

func (s *site) findWords(ctx context.Context, p *person) error {
	home, err := s.send(ctx, p, http.MethodGet, "/", nil)
	if err != nil {
		return err
	}
	_, p.words["before"], _ = strings.Cut(home.page.Find("a[href^='/?before=']").AttrOr("href", ""), "before=")
	shown, err := s.send(ctx, p, http.MethodGet, "/@"+p.name, nil)
	if err != nil {
		return err
	}
	p.words["slug"] = strings.TrimPrefix(shown.page.Find("a[href^='/@"+p.name+"/']").AttrOr("href", ""), "/@"+p.name+"/")
	link, err := s.output("", "user", "link", p.name)
	if err != nil {
		return err
	}
	_, p.words["link"], _ = strings.Cut(strings.Fields(link + " ")[0], "/reset/")
	for name, word := range p.words {
		if word == "" {
			return fmt.Errorf("no %s is found for %s: %q", name, p.name, link)
		}
	}
	return nil
}

// other is the id of a new account, for an owner to do things to; who may not see it gets
// the id of their own post.
func (s *site) other(ctx context.Context, p *person, as viewer) (string, error) {
	if as != owner {
		return p.words["post"], nil
	}
	name := "probe-" + strings.ToLower(rand.Text()[:12])
	if err := s.run(password+"\n", "user", "add", name, "--password-stdin"); err != nil {
		return "", err
	}
	people, err := s.send(ctx, p, http.MethodGet, "/admin?q="+name, nil)
	if err != nil {
		return "", err
	}
	return strings.TrimPrefix(people.page.Find("[id^='person-']").AttrOr("id", ""), "person-"), nil
}

func (s *site) logIn(ctx context.Context, name string) (*person, error) {
	p := &person{name: name}
	form := url.Values{"username": {name}, "password": {password}}
	for range 3 { // the gate may be busy
		answer, err := s.send(ctx, nil, http.MethodPost, "/login", form)
		if err != nil {
			return nil, err
		}
		for _, cookie := range answer.cookies {
			switch cookie.Name {
			case "session":
				p.session = cookie.Value
			case "device":
				p.device = cookie.Value
			}
		}
		if p.session != "" {
			return p, nil
		}
	}
	return nil, fmt.Errorf("%s cannot log in", name)
}

// answer is what the blog said.
type answer struct {
	status  int
	page    *goquery.Document
	cookies []*http.Cookie
}

func (s *site) send(ctx context.Context, p *person, method, path string, form url.Values) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://"+s.addr+path, strings.NewReader(form.Encode()))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if p != nil && p.session != "" {
		request.Header.Set("Cookie", "session="+p.session)
	}
	client := http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	page, err := goquery.NewDocumentFromReader(response.Body)
	return answer{response.StatusCode, page, response.Cookies()}, err
}
