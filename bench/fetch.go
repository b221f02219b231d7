package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"miniblog/bench/contender"
)

// errKnown says that the answer was 304.
var errKnown = errors.New("not modified")

// fetch asks for a page once. The header is without what every server writes itself.
func fetch(ctx context.Context, addr, path string, header []string) (contender.Answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		return contender.Answer{}, err
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		request.Header.Set(name, value)
	}
	client := http.Client{Timeout: answerLimit, Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		return contender.Answer{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return contender.Answer{}, err
	case answer.StatusCode == http.StatusNotModified:
		return contender.Answer{}, errKnown
	case answer.StatusCode != http.StatusOK:
		return contender.Answer{}, fmt.Errorf("%s%s: %s: %.300s", addr, path, answer.Status, body)
	}
	for _, name := range []string{"Date", "Content-Length", "Connection", "Server"} {
		answer.Header.Del(name)
	}
	return contender.Answer{Header: answer.Header, Body: body}, nil
}
