package main

import "testing"

func TestStripCSSKeepsWhatMeansSomething(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, want string }{
		{"rule", "a {\n\tcolor: red;\n}\n", "a{color:red}"},
		{"descendant pseudo-class", "a :hover { x: y }", "a :hover{x:y}"},
		{"sum", "a { b: calc(1px + 2px) 3px }", "a{b:calc(1px + 2px) 3px}"},
		{"media query", "@media (width >= 40rem) and (hover) { a { b: c; } }", "@media (width>= 40rem) and (hover){a{b:c}}"},
		{"child", "a > b + c ~ d { e: f }", "a>b + c ~ d{e:f}"},
		{"string", `a { content: "x  /* y */ ; }" }`, `a{content:"x  /* y */ ; }"}`},
		{"quote in a string", `a { content: "\"  x" }`, `a{content:"\"  x"}`},
		{"url", "a { b: url(x;y.png) c }", "a{b:url(x;y.png) c}"},
		{"comment", "a/* x */ b { /* y */ c: d /* z */ }", "a b{c:d}"},
		{"important", "a { b: c !important }", "a{b:c !important}"},
		{"empty custom property", "a { --x: ; }", "a{--x:}"},
		{"escape", `.a\ b { c: d }`, `.a\ b{c:d}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := stripCSS([]byte(c.in))
			if err != nil || string(got) != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
		})
	}
}

func TestStripCSSRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"a /* b", `a { b: "c }`, "a { b: url(c }", "a/**/b{}"} {
		if got, err := stripCSS([]byte(in)); err == nil {
			t.Errorf("%q gave %q, want an error", in, got)
		}
	}
}

func TestStripJSRemovesOnlyWholeLineComments(t *testing.T) {
	t.Parallel()
	const in = `// Says hello.
/*
 * At length.
 */
function hello() {
	// why
	return "http://x" // tail
}
`
	const want = "function hello() {\nreturn \"http://x\" // tail\n}\n"
	got, err := stripJS([]byte(in))
	if err != nil || string(got) != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}
