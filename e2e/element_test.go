package e2e

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// element names an element as a screen reader does: by its role and its accessible name.
type element struct {
	role, name string
	inside     *element
}

func button(name string) element  { return element{role: "button", name: name} }
func link(name string) element    { return element{role: "link", name: name} }
func field(label string) element  { return element{role: "textbox", name: label} }
func radio(name string) element   { return element{role: "radio", name: name} }
func heading(name string) element { return element{role: "heading", name: name} }
func article(name string) element { return element{role: "article", name: name} }

// in looks for the element inside another one only.
func (e element) in(outer element) element {
	e.inside = &outer
	return e
}

func (e element) String() string {
	words := fmt.Sprintf("%s “%s”", e.role, e.name)
	if e.inside != nil {
		words += " in " + e.inside.String()
	}
	return words
}

// errAbsent means that the page has no such element.
var errAbsent = errors.New("absent")

// find returns the one element of that name, as Chromium's accessibility tree has it.
func (b *tab) find(e element) (cdp.BackendNodeID, error) {
	query := accessibility.QueryAXTreeParams{Role: e.role, AccessibleName: e.name}
	if e.inside != nil {
		outer, err := b.find(*e.inside)
		if err != nil {
			return 0, err
		}
		query.BackendNodeID = outer
	} else {
		document, err := evaluate[*runtime.RemoteObject](b, "document")
		if err != nil {
			return 0, err
		}
		query.ObjectID = document.ObjectID
	}
	found, err := call(b, accessibility.QueryAXTree, query)
	if err != nil {
		return 0, err
	}
	nodes := slices.DeleteFunc(found.Nodes, func(n *accessibility.Node) bool { return n.Ignored })
	switch len(nodes) {
	case 0:
		return 0, fmt.Errorf("%s: %w", e, errAbsent)
	case 1:
		return nodes[0].BackendDOMNodeID, nil
	}
	return 0, fmt.Errorf("%d times %s", len(nodes), e)
}

// sees waits for the element.
func (b *tab) sees(e element) {
	b.t.Helper()
	b.until(func() error {
		_, err := b.find(e)
		return err
	})
}

// misses waits until the element is gone.
func (b *tab) misses(e element) {
	b.t.Helper()
	b.until(func() error {
		_, err := b.find(e)
		switch {
		case err == nil:
			return fmt.Errorf("there is %s", e)
		case errors.Is(err, errAbsent):
			return nil
		}
		return err
	})
}

// presses clicks the element with the mouse, as soon as it is there, still, and
// covered by nothing.
func (b *tab) presses(e element) {
	b.t.Helper()
	x, y := b.place(e)
	b.click(x, y, 1)
}

// pressesTwice clicks as people do to whom everything is an icon.
func (b *tab) pressesTwice(e element) {
	b.t.Helper()
	x, y := b.place(e)
	b.click(x, y, 1)
	b.click(x, y, 2)
}

func (b *tab) click(x, y float64, count int64) {
	b.t.Helper()
	b.mouse(input.DispatchMouseEventTypeMousePressed, x, y, count)
	b.mouse(input.DispatchMouseEventTypeMouseReleased, x, y, count)
}

func (b *tab) mouse(kind input.DispatchMouseEventType, x, y float64, count int64) {
	b.t.Helper()
	b.must(call(b, input.DispatchMouseEvent, input.DispatchMouseEventParams{
		Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, ClickCount: count,
	}))
}

// place waits until the page has loaded and the element rests, and returns its middle.
func (b *tab) place(e element) (x, y float64) {
	b.t.Helper()
	lastX, lastY := -1.0, -1.0
	b.until(func() error {
		if err := b.loaded(); err != nil {
			return err
		}
		id, err := b.find(e)
		if err != nil {
			return err
		}
		if x, y, err = b.middle(id); err != nil {
			return err
		}
		if x != lastX || y != lastY {
			lastX, lastY = x, y
			return fmt.Errorf("%s moves", e)
		}
		return b.uncovered(id, e, x, y)
	})
	return x, y
}

// loaded tells whether the page, its scripts and its fonts are here: nothing will move by itself.
func (b *tab) loaded() error {
	ready, err := evaluate[bool](b, "document.readyState === 'complete' && document.fonts.status === 'loaded'")
	if err == nil && !ready {
		err = errors.New("the page still loads")
	}
	return err
}

// middle scrolls to an element and returns the middle of its first line.
func (b *tab) middle(id cdp.BackendNodeID) (x, y float64, err error) {
	if _, err := call(b, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: id}); err != nil {
		return 0, 0, err
	}
	found, err := call(b, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: id})
	switch {
	case err != nil:
		return 0, 0, err
	case len(found.Quads) == 0 || len(found.Quads[0]) != 8:
		return 0, 0, errors.New("an element without a place")
	}
	corners := found.Quads[0]
	return (corners[0] + corners[4]) / 2, (corners[1] + corners[5]) / 2, nil
}

func (b *tab) uncovered(id cdp.BackendNodeID, e element, x, y float64) error {
	hit, err := ask[bool](b, id, `function (x, y) { return this.contains(document.elementFromPoint(x, y)) }`, x, y)
	if err == nil && !hit {
		err = fmt.Errorf("something lies on %s", e)
	}
	return err
}

// ask calls a JavaScript function on an element.
func ask[T any](b *tab, id cdp.BackendNodeID, function string, arguments ...any) (T, error) {
	var none T
	resolved, err := call(b, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: id})
	if err != nil {
		return none, err
	}
	// A page that goes meanwhile may never answer.
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.CallFunctionOn[T](function,
		func(p *runtime.CallFunctionOnParams) { p.ObjectID = resolved.Object.ObjectID }, arguments...))
}
