package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"

	"miniblog/internal/demo"
)

// fill writes the demo, whose authors share a password.
func (s *site) fill(ctx context.Context, o options) (err error) {
	s.password, err = s.demo(ctx, o)
	return err
}

// logIn logs all authors in. That costs what it should, and is not what is measured.
func (s *site) logIn(ctx context.Context, o options) error {
	planned, err := demo.New(demo.Options{Authors: o.writers, Posts: o.posts, Seed: 1})
	if err != nil {
		return err
	}
	text, err := longText(planned)
	if err != nil {
		return err
	}
	s.usernames = planned.Usernames()
	for i, name := range s.usernames {
		session, err := s.login(ctx, name, s.password)
		if err != nil {
			return err
		}
		s.writers = append(s.writers, newWriter(s.addr, session, text, i, o))
	}
	return nil
}

// toldPassword is the line in which the demo tells the password.
var toldPassword = regexp.MustCompile(`with the password (\S+)`)

func (s *site) demo(ctx context.Context, o options) (password string, err error) {
	prepared := s.command("demo", "--authors", fmt.Sprint(o.writers), "--posts", fmt.Sprint(o.posts))
	fill := exec.CommandContext(ctx, prepared.Path, prepared.Args[1:]...)
	fill.Env, fill.SysProcAttr = prepared.Env, prepared.SysProcAttr
	fill.Cancel = func() error { return fill.Process.Signal(syscall.SIGTERM) }
	out, err := fill.CombinedOutput()
	found := toldPassword.FindSubmatch(out)
	if err == nil && found == nil {
		err = errors.New("no password was told")
	}
	if err != nil {
		return "", fmt.Errorf("fill the blog: %w\n%s", err, out)
	}
	return string(found[1]), nil
}

func (s *site) login(ctx context.Context, username, password string) (session string, err error) {
	form := url.Values{"username": {username}, "password": {password}}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.addr+"/login", strings.NewReader(form))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	for _, cookie := range answer.Cookies() {
		if cookie.Name == "session" && cookie.Value != "" {
			return cookie.Value, nil
		}
	}
	return "", fmt.Errorf("%s cannot log in: %s", username, answer.Status)
}
