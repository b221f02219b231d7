package main

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
)

// chart shows two panels, rates and latencies, of contenders side by side.
type chart struct {
	title, x string    // what is on the axis below
	xs       []float64 // its values, in order, each as far from the next
	series   []series
}

// series is one contender: a rate per second and a latency in milliseconds for each x; 0 where nothing was measured.
type series struct {
	name             string
	rates, latencies []float64
}

// add adds what contenders did at x, which is above those before.
func (c *chart) add(x float64, t trial) {
	c.xs = append(c.xs, x)
	for i, name := range t.names {
		at := slices.IndexFunc(c.series, func(s series) bool { return s.name == name })
		if at < 0 {
			at = len(c.series)
			c.series = append(c.series, series{name: name})
		}
		s := &c.series[at]
		for len(s.rates) < len(c.xs)-1 { // it was not there before
			s.rates, s.latencies = append(s.rates, 0), append(s.latencies, 0)
		}
		s.rates, s.latencies = append(s.rates, t.rate(i)), append(s.latencies, t.p99(i))
	}
}

// Places of a chart, in pixels.
const (
	chartWidth, chartHeight = 880, 400
	panelTop, panelBottom   = 112, 340
	panelWidth              = 350
	firstPanel, nextPanel   = 72, 502
)

// style has colours that tell apart who cannot see all of them, on light and on dark.
const style = `
.ground { fill: #fcfcfb; stroke: #e2e2df }
.title { font-size: 17px; font-weight: 600; fill: #1b1c1e }
.name { font-size: 13px; fill: #1b1c1e }
.axis, .tick { font-size: 12px; fill: #5b5e63 }
.grid { stroke: #e6e6e3; stroke-width: 1 }
.line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round }
.s0 { stroke: #1d5fd1; fill: #1d5fd1 } .s1 { stroke: #c2570c; fill: #c2570c }
.s2 { stroke: #0b7a5c; fill: #0b7a5c } .s3 { stroke: #8a3fb5; fill: #8a3fb5 } .s4 { stroke: #6b6e74; fill: #6b6e74 }
.dot { stroke: #fcfcfb; stroke-width: 1.5 }
path.line { fill: none }
@media (prefers-color-scheme: dark) {
  .ground { fill: #16181c; stroke: #2c2f35 }
  .title, .name { fill: #eceded }
  .axis, .tick { fill: #a5a9b0 }
  .grid { stroke: #2c2f35 }
  .s0 { stroke: #6ea8ff; fill: #6ea8ff } .s1 { stroke: #ff9d5c; fill: #ff9d5c }
  .s2 { stroke: #4fd1a5; fill: #4fd1a5 } .s3 { stroke: #cf9bf2; fill: #cf9bf2 } .s4 { stroke: #b3b7be; fill: #b3b7be }
  .dot { stroke: #16181c }
}
`

// svg draws the chart.
func (c *chart) svg() string {
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" role="img" aria-label=%[3]q font-family="system-ui, sans-serif">`+"\n<style>%[4]s</style>\n",
		chartWidth, chartHeight, html.EscapeString(c.title), style)
	fmt.Fprintf(&out, `<rect class="ground" x="0.5" y="0.5" width="%d" height="%d" rx="10"/>`+"\n", chartWidth-1, chartHeight-1)
	fmt.Fprintf(&out, `<text class="title" x="24" y="34">%s</text>`+"\n", html.EscapeString(c.title))
	c.legend(&out)
	rates, latencies := scale{}, scale{logarithmic: true}
	for _, s := range c.series {
		rates.hold(s.rates)
		latencies.hold(s.latencies)
	}
	c.panel(&out, firstPanel, "answers per second", rates, func(s series) []float64 { return s.rates })
	c.panel(&out, nextPanel, "p99 latency, ms (logarithmic)", latencies, func(s series) []float64 { return s.latencies })
	out.WriteString("</svg>\n")
	return out.String()
}

// legend names the contenders in one line; a letter takes 7 pixels at most on the average.
func (c *chart) legend(out *strings.Builder) {
	x := 24
	for i, s := range c.series {
		fmt.Fprintf(out, `<path class="line s%d" d="M%d 58h20"/>%s<text class="name" x="%d" y="62">%s</text>`+"\n",
			i%5, x, mark(i, float64(x+10), 58), x+28, html.EscapeString(s.name))
		x += 28 + 7*len(s.name) + 24
	}
}

// panel draws one figure of all contenders.
func (c *chart) panel(out *strings.Builder, left int, title string, s scale, of func(series) []float64) {
	right := left + panelWidth
	fmt.Fprintf(out, `<text class="axis" x="%d" y="%d">%s</text>`+"\n", left, panelTop-14, title)
	for _, tick := range s.ticks() {
		y := s.y(tick)
		fmt.Fprintf(out, `<path class="grid" d="M%d %.1fH%d"/><text class="tick" x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n",
			left, y, right, left-8, y+4, amount(tick))
	}
	for i, x := range c.xs {
		fmt.Fprintf(out, `<text class="tick" x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", c.place(left, i), panelBottom+20, grouped(int(x)))
	}
	fmt.Fprintf(out, `<text class="axis" x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", left+panelWidth/2, panelBottom+42, html.EscapeString(c.x))
	for n := len(c.series) - 1; n >= 0; n-- { // the blog, which is the first, lies above the others
		contender := c.series[n]
		var line, marks strings.Builder
		for i, value := range of(contender) {
			if value <= 0 {
				continue
			}
			verb := "L"
			if line.Len() == 0 {
				verb = "M"
			}
			fmt.Fprintf(&line, "%s%.1f %.1f", verb, c.place(left, i), s.y(value))
			marks.WriteString(mark(n, c.place(left, i), s.y(value)))
		}
		if line.Len() > 0 {
			fmt.Fprintf(out, `<path class="line s%d" d="%s"/>%s`+"\n", n%5, line.String(), marks.String())
		}
	}
}

// place is where the nth x stands.
func (c *chart) place(left, n int) float64 {
	return float64(left) + panelWidth*(float64(n)+0.5)/float64(len(c.xs))
}

// mark is a contender's own: nobody needs to tell colours apart.
func mark(contender int, x, y float64) string {
	var shape string
	switch contender % 5 {
	case 0:
		return fmt.Sprintf(`<circle class="s0 dot" cx="%.1f" cy="%.1f" r="5"/>`, x, y)
	case 1:
		shape = "m-4.5 -4.5h9v9h-9z"
	case 2:
		shape = "m0 -5.5l5.5 9.5h-11z"
	case 3:
		shape = "m0 -6l6 6l-6 6l-6 -6z"
	default:
		shape = "m0 5.5l5.5 -9.5h-11z"
	}
	return fmt.Sprintf(`<path class="s%d dot" d="M%.1f %.1f%s"/>`, contender%5, x, y, shape)
}

// scale is an axis of values, from 0 or, logarithmic, from the power of ten below the least.
type scale struct {
	logarithmic bool
	least, most float64
}

func (s *scale) hold(values []float64) {
	for _, v := range values {
		if v > 0 {
			s.most = max(s.most, v)
			if s.least == 0 || v < s.least {
				s.least = v
			}
		}
	}
}

// ticks are round values that span all.
func (s scale) ticks() (at []float64) {
	switch {
	case s.most == 0:
		return nil
	case s.logarithmic:
		for power := math.Floor(math.Log10(s.least)); ; power++ {
			at = append(at, math.Pow(10, power))
			if at[len(at)-1] >= s.most {
				return at
			}
		}
	}
	step := roundStep(s.most / 4)
	for v := 0.0; ; v += step {
		at = append(at, v)
		if v >= s.most {
			return at
		}
	}
}

// roundStep is the next below of 1, 2, 2.5, 5 and their multiples by ten.
func roundStep(most float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(most)))
	for _, digit := range []float64{5, 2.5, 2} {
		if digit*power <= most {
			return digit * power
		}
	}
	return power
}

// y is where a value stands.
func (s scale) y(value float64) float64 {
	ticks := s.ticks()
	from, to := ticks[0], ticks[len(ticks)-1]
	share := (value - from) / max(to-from, 1e-9)
	if s.logarithmic {
		share = math.Log10(value/from) / math.Log10(max(to/from, 1.0001))
	}
	return panelBottom - share*(panelBottom-panelTop)
}

// amount is a value of an axis as it is read.
func amount(v float64) string {
	if v >= 1000 {
		return grouped(int(v))
	}
	return fmt.Sprintf("%.4g", v)
}
