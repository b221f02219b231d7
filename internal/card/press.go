package card

import (
	"container/list"
	"context"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"miniblog/internal/fault"
)

const (
	// kept is how many bytes of pictures are kept: about 1,500 of them.
	kept = 32 << 20
	// patience is how long a picture waits for its turn to be drawn.
	patience = time.Second
)

// Press draws pictures and keeps those that were asked for last. It is safe for concurrent use.
type Press struct {
	draw  func(Words) ([]byte, error)
	room  int // bytes
	turns chan struct{}
	calls singleflight.Group

	mu    sync.Mutex
	size  int
	order *list.List // of pictures, first the one asked for last
	found map[string]*list.Element
}

type picture struct {
	version string
	file    []byte
}

// NewPress makes a press that keeps 32 MiB, and draws on half the processors.
func NewPress() *Press { return newPress(Draw, kept, max(1, runtime.GOMAXPROCS(0)/2)) }

func newPress(draw func(Words) ([]byte, error), room, atOnce int) *Press {
	return &Press{draw: draw, room: room, turns: make(chan struct{}, atOnce), order: list.New(), found: map[string]*list.Element{}}
}

// Picture returns the PNG with these words, which must not be changed. However many ask at once,
// it is drawn once; fault.ErrBusy is for one whose turn to be drawn does not come within a second.
func (p *Press) Picture(ctx context.Context, words Words) ([]byte, error) {
	version := words.Version()
	if file := p.lookUp(version); file != nil {
		return file, nil
	}
	drawn := p.calls.DoChan(version, func() (any, error) { return p.print(version, words) })
	select {
	case result := <-drawn:
		file, _ := result.Val.([]byte)
		return file, result.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// print draws when there is a turn. It belongs to nobody's request: others may wait for it.
func (p *Press) print(version string, words Words) ([]byte, error) {
	if file := p.lookUp(version); file != nil { // drawn since it was asked for
		return file, nil
	}
	select {
	case p.turns <- struct{}{}:
		defer func() { <-p.turns }()
	case <-time.After(patience):
		return nil, fault.ErrBusy
	}
	file, err := p.draw(words)
	if err == nil {
		p.keep(picture{version, file})
	}
	return file, err
}

func (p *Press) lookUp(version string) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	element, ok := p.found[version]
	if !ok {
		return nil
	}
	p.order.MoveToFront(element)
	return element.Value.(picture).file
}

// keep keeps a picture, and drops those that nobody asked for the longest.
func (p *Press) keep(made picture) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found[made.version] = p.order.PushFront(made)
	p.size += len(made.file)
	for p.size > p.room && p.order.Len() > 1 {
		oldest := p.order.Remove(p.order.Back()).(picture)
		delete(p.found, oldest.version)
		p.size -= len(oldest.file)
	}
}
