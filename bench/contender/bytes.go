package contender

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"github.com/gofiber/fiber/v2"
)

// Answer is what is answered at one path: the header's lines but those that every server
// writes itself, and the body.
type Answer struct {
	Header http.Header
	Body   []byte
}

// serveBytes answers what a file holds, as JSON of Answers by path. Who names the ETag is answered with 304.
func serveBytes(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("serve the answers of one file, not of %q", args)
	}
	answers, err := readAnswers(args[0])
	if err != nil {
		return err
	}
	app := newApp()
	for path, answer := range answers {
		app.Get(path, answer.handler())
	}
	return listen(app)
}

func (a Answer) handler() fiber.Handler {
	type line struct{ name, value string }
	var lines []line
	for name, values := range a.Header {
		for _, value := range values {
			lines = append(lines, line{name, value})
		}
	}
	etag := a.Header.Get(fiber.HeaderETag)
	return func(c *fiber.Ctx) error {
		header := &c.Response().Header
		for _, l := range lines {
			header.Set(l.name, l.value)
		}
		if known := c.Request().Header.Peek(fiber.HeaderIfNoneMatch); len(known) > 0 && string(known) == etag {
			c.Status(fiber.StatusNotModified)
			return nil
		}
		c.Response().SetBodyRaw(a.Body)
		return nil
	}
}

func readAnswers(file string) (answers map[string]Answer, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return answers, json.Unmarshal(text, &answers)
}
