package assets

import "testing"

func TestEncodedFollowsAcceptEncoding(t *testing.T) {
	t.Parallel()
	text := File{Identity: []byte("plain"), Brotli: []byte("br"), Gzip: []byte("gz")}
	cases := []struct{ name, field, want string }{
		{"no field", "", ""},
		{"a browser", "gzip, deflate, br, zstd", "br"},
		{"gzip only", "gzip", "gzip"},
		{"an old name", "x-gzip", "gzip"},
		{"in capitals", "GZIP, BR;Q=0.5", "gzip"},
		{"unknown only", "zstd, deflate", ""},
		{"refused", "br;q=0, gzip", "gzip"},
		{"refused with decimals", "br;q=0.000, gzip;q=0.001", "gzip"},
		{"all refused", "br;q=0, gzip;q=0", ""},
		{"anything", "*", "br"},
		{"anything but br", "br;q=0, *", "gzip"},
		{"nothing else", "gzip, *;q=0", "gzip"},
		{"nothing at all", "*;q=0", ""},
		{"gzip preferred", "br;q=0.8, gzip;q=0.9", "gzip"},
		{"identity preferred", "identity, br;q=0.5, gzip;q=0.5", ""},
		{"identity equal", "identity, gzip", "gzip"},
		{"identity last", "identity;q=0.1, gzip;q=0.2", "gzip"},
		{"identity refused", "identity;q=0, gzip", "gzip"},
		{"identity refused, rest open", "identity;q=0, *", "br"},
		{"nothing acceptable", "identity;q=0", ""},
		{"blanks", " br ; q=0.2 ,\tgzip;\tq=0.3 ", "gzip"},
		{"weight above one", "br;q=1.5, gzip;q=0.1", "gzip"},
		{"weight out of grammar", "br;q=nan, br;q=1e-1, br;q=.5, br;q=0.1234, gzip;q=0.1", "gzip"},
		{"other parameter", "br;level=3, gzip", "gzip"},
		{"empty members", ",, gzip,", "gzip"},
		{"no separator", "br gzip", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			body, got := text.Encoded(c.field)
			if got != c.want {
				t.Errorf("%q: got %q, want %q", c.field, got, c.want)
			}
			if string(body) != map[string]string{"": "plain", "br": "br", "gzip": "gz"}[c.want] {
				t.Errorf("%q: the body is %q", c.field, body)
			}
		})
	}
}

func TestAFontIsNeverSentEncoded(t *testing.T) {
	t.Parallel()
	font := File{Identity: []byte("font")}
	for _, field := range []string{"", "br, gzip", "*", "identity;q=0, br"} {
		if body, encoding := font.Encoded(field); encoding != "" || string(body) != "font" {
			t.Errorf("%q: got %q as %q", field, body, encoding)
		}
	}
}

func FuzzEncodedNamesTheFormItSends(f *testing.F) {
	for _, seed := range []string{"", "br;q=0.5, *;q=0", "gzip;q=1.000", ";;,q=", "identity;q=0"} {
		f.Add(seed)
	}
	text := File{Identity: []byte("plain"), Brotli: []byte("br"), Gzip: []byte("gz")}
	f.Fuzz(func(t *testing.T, field string) {
		body, encoding := text.Encoded(field)
		want, ok := map[string]string{"": "plain", "br": "br", "gzip": "gz"}[encoding]
		if !ok || string(body) != want {
			t.Errorf("%q: got %q as %q", field, body, encoding)
		}
	})
}
