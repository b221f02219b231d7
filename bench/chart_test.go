package main

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// drawn is a chart of three contenders, one of which has no latencies.
func drawn() *chart {
	c := &chart{title: "Home & posts <from memory>", x: "connections"}
	for _, crowd := range crowds {
		n := float64(crowd)
		one := func(rate, p99 float64) []answers { return []answers{{perSecond: rate, p99: p99}} }
		c.add(n, trial{names: []string{"miniblog", "nginx", "bare Fiber", "pgbench over TCP"}, rounds: [][]answers{
			one(21000-n*12, 0.4+n/20), one(23456-n*9, 0.3+n/25), one(22000-n*14, 0.5+n/18), one(12000, 0),
		}})
	}
	return c
}

func TestAChartIsWellFormedAndStaysWithinItself(t *testing.T) {
	t.Parallel()
	text := drawn().svg()
	for decoder := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range element.Attr {
			most := map[string]float64{"x": chartWidth, "cx": chartWidth, "y": chartHeight, "cy": chartHeight}[a.Name.Local]
			if at, err := strconv.ParseFloat(a.Value, 64); most > 0 && (err != nil || at < 0 || at > most) {
				t.Errorf("%s stands at %s=%q", element.Name.Local, a.Name.Local, a.Value)
			}
		}
	}
	for _, part := range []string{"Home &amp; posts &lt;from memory&gt;", ">connections<", ">256<", ">25,000<", ">0.1<", "prefers-color-scheme"} {
		if !strings.Contains(text, part) {
			t.Errorf("it shows no %q: %s", part, text)
		}
	}
	if got := strings.Count(text, `class="line s3" d="M`); got != 2 { // in the legend and among the rates
		t.Errorf("what has no latencies is drawn %d times", got)
	}
}

func TestTicksAreRoundAndSpanAllValues(t *testing.T) {
	t.Parallel()
	for _, values := range [][]float64{{1}, {3, 7}, {0.02, 999}, {120, 23456}, {1e6}} {
		for _, s := range []scale{{}, {logarithmic: true}} {
			s.hold(values)
			ticks := s.ticks()
			if len(ticks) > 9 || ticks[len(ticks)-1] < s.most || s.logarithmic && ticks[0] > s.least {
				t.Errorf("of %v logarithmic %v: %v", values, s.logarithmic, ticks)
			}
			for _, tick := range ticks {
				if !regexp.MustCompile(`^[0-9,.]{1,9}$`).MatchString(amount(tick)) {
					t.Errorf("a tick reads %q", amount(tick))
				}
			}
		}
	}
}

func TestAChartOfOnePointIsDrawn(t *testing.T) {
	t.Parallel()
	c := &chart{title: "One", x: "posts"}
	c.add(1000, trial{names: []string{"miniblog"}, rounds: [][]answers{{{perSecond: 5, p99: 1}}}})
	if text := c.svg(); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Error(text)
	}
}
