// Package contender is what the blog is measured against: programs that do the same work with
// nothing around it. Each runs as a process of its own, and tells where it listens on its first line.
package contender

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/gofiber/fiber/v2"
)

// kinds are all contenders, by the name that the bench starts them by.
var kinds = map[string]func(args []string) error{
	"bytes":  serveBytes,
	"hashes": hash,
	"home":   serveHome,
}

// Run is the contender of that name; it ends once its input does, as it does when the bench dies.
func Run(args []string) error {
	if len(args) == 0 || kinds[args[0]] == nil {
		return errors.New("there is no such contender")
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	return kinds[args[0]](args[1:])
}

// newApp is Fiber as the blog sets it up, see handlers/server.go: what of that costs time costs it here, too.
func newApp() *fiber.App {
	return fiber.New(fiber.Config{
		CaseSensitive: true, StrictRouting: true, UnescapePath: true, Immutable: true, ReduceMemoryUsage: true,
		DisableStartupMessage: true, DisablePreParseMultipartForm: true,
		ReadBufferSize: 16 << 10, WriteBufferSize: 32 << 10, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute,
	})
}

// listen serves on loopback and says where.
func listen(app *fiber.App) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	return app.Listener(listener)
}
