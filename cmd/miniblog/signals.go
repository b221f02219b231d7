package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// stopSignals returns a context that ends when the program is asked to stop, and one
// that ends when it is asked a second time, by somebody who will not wait.
func stopSignals() (asked, insisted context.Context, forget func()) {
	asked, ask := context.WithCancel(context.Background())
	insisted, insist := context.WithCancel(context.Background())
	received := make(chan os.Signal, 2)
	signal.Notify(received, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-received
		ask()
		<-received
		insist()
	}()
	return asked, insisted, func() { signal.Stop(received); ask(); insist() }
}
