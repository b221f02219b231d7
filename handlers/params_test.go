package handlers

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"github.com/gofiber/fiber/v2"
	whatwg "github.com/nlnwa/whatwg-url/url"
	"github.com/valyala/fasthttp"

	"miniblog/internal/blog"
	"miniblog/internal/fault"
)

// nextPages are addresses to go on to and whether they are this blog's.
var nextPages = map[string]bool{
	"/": true, "/new": true, "/@ada/low-tide": true, "/dashboard?before=1.a&x=%26": true, "/@ada/%E6%97%A5#x": true,
	"/a//b": true, "/%2f%2fevil.example": true, "/%5cevil.example": true, "/?next=https://evil.example": true, "/.//x": true,

	"": false, "new": false, "?x": false, "#x": false, "./x": false, "../x": false,
	"//evil.example": false, "///evil.example": false, "////evil.example": false, "//": false, "//@evil.example": false,
	`/\evil.example`: false, `\/evil.example`: false, `\\evil.example`: false, `/x\..\\evil.example`: false,
	"https://evil.example": false, "HTTPS://evil.example": false, "https:evil.example": false, "https:/evil.example": false,
	"javascript:alert(1)": false, "JavaScript:alert(1)": false, "data:text/html,x": false, "mailto:ada@example.org": false,
	"%2f%2fevil.example": false, "%2fnew": false, "http:%2f%2fevil.example": false,
	" /new": false, "\t//evil.example": false, "/\t/evil.example": false, "/\n/evil.example": false, "/\r/evil.example": false,
	"/new\r\nSet-Cookie: a=b": false, "/new\x00": false, "\x00/new": false, "/%zz": false, "/#\x00": false, "/#\r\nx": false, "/new\x7f": false,
	"/" + strings.Repeat("x", 2000): false,
}

func TestOnlyPagesOfThisBlogAreGoneOnTo(t *testing.T) {
	t.Parallel()
	for next, ours := range nextPages {
		want := ""
		if ours {
			want = next
		}
		if got := localPath(next); got != want {
			t.Errorf("from %q it goes on to %q, want %q", next, got, want)
		}
	}
}

// FuzzTheNextPageStaysOnThisHost resolves what is accepted as Go does and as browsers do (url.spec.whatwg.org).
func FuzzTheNextPageStaysOnThisHost(f *testing.F) {
	for next := range nextPages {
		f.Add(next)
	}
	f.Fuzz(func(t *testing.T, next string) {
		path := localPath(next)
		if path == "" {
			return
		}
		if path != next || strings.ContainsFunc(path, unicode.IsControl) {
			t.Errorf("%q became %q", next, path)
		}
		base := &url.URL{Scheme: "https", Host: "blog.example", Path: "/login"}
		if to, err := base.Parse(path); err != nil || to.Scheme != base.Scheme || to.Host != base.Host || to.User != nil {
			t.Errorf("%q leads to %v (%v)", next, to, err)
		}
		to, err := whatwg.ParseRef(base.String(), path)
		if err != nil || to.Protocol() != "https:" || to.Host() != base.Host || to.Username() != "" || to.Password() != "" {
			t.Errorf("%q leads a browser to %v (%v)", next, to, err)
		}
	})
}

func FuzzAPlaceReadIsThePlaceWritten(f *testing.F) {
	for _, place := range []string{
		"", "0.00000000-0000-0000-0000-000000000000", "1767225600000000.0192f0c1-2345-7abc-8def-0123456789ab", "1.", ".1",
		"-1.0192f0c1-2345-7abc-8def-0123456789ab", "+5.{0192f0c1-2345-7abc-8def-0123456789ab}", "9999999999999999999.x",
	} {
		f.Add(place)
	}
	f.Fuzz(func(t *testing.T, text string) {
		place, err := blog.ParsePlace(text)
		if err != nil {
			if !place.IsZero() {
				t.Errorf("%q is refused and read as %v", text, place)
			}
			return
		}
		if place.IsZero() != (text == "") {
			t.Errorf("%q is read as %v", text, place)
		}
		if text == "" {
			return
		}
		if again, err := blog.ParsePlace(place.String()); err != nil || again != place {
			t.Errorf("%q is read as %v, and that as %v (%v)", text, place, again, err)
		}
	})
}

// reading calls read with a request that has this body.
func reading(contentType string, body []byte, read func(c *fiber.Ctx)) {
	app := fiber.New(fiber.Config{Immutable: true})
	var ctx fasthttp.RequestCtx
	ctx.Request.Header.SetMethod(fiber.MethodPost)
	ctx.Request.Header.SetContentType(contentType)
	ctx.Request.SetBody(body)
	c := app.AcquireCtx(&ctx)
	defer app.ReleaseCtx(c)
	read(c)
}

const (
	multipartType = "multipart/form-data; boundary=x"
	multipartBody = "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nLow tide\r\n--x--\r\n"
)

func FuzzAFormIsReadOrRefused(f *testing.F) {
	f.Add(fiber.MIMEApplicationForm, []byte("title=Low+tide&body=%0D%0A&title=again"))
	f.Add(fiber.MIMEApplicationForm+"; charset=UTF-8", []byte("title=%zz&=&&;%"))
	f.Add(multipartType, []byte(multipartBody))
	f.Add(multipartType, []byte("--x\r\n\r\n"))
	f.Add("multipart/form-data", []byte(multipartBody))
	f.Add(fiber.MIMEApplicationJSON, []byte(`{"title":"x"}`))
	f.Add("", []byte("title=x"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		reading(contentType, body, func(c *fiber.Ctx) {
			sent, err := readForm(c)
			if err != nil {
				if !errors.Is(err, fault.ErrMalformed) && !errors.Is(err, fault.ErrUnsupported) {
					t.Errorf("refused for no reason of ours: %v", err)
				}
				return
			}
			sent.text()
			sent.version()
			if shape := sent.shape(); shape != shapeOf(string(shape)) {
				t.Errorf("an unknown shape: %q", shape)
			}
			if _, err := idFor(sent); err != nil && !errors.Is(err, fault.ErrNotFound) {
				t.Error(err)
			}
		})
	})
}

func FuzzAFieldIsReadAsItWasTyped(f *testing.F) {
	f.Add("Low tide", "a\r\nb & c=d + %41;\x00\xff")
	f.Fuzz(func(t *testing.T, title, body string) {
		form := url.Values{"title": {title, "second"}, "body": {body}}
		reading(fiber.MIMEApplicationForm, []byte(form.Encode()), func(c *fiber.Ctx) {
			sent, err := readForm(c)
			if got := sent.text(); err != nil || got.Title != title || got.Body != body {
				t.Errorf("%q and %q are read as %+v (%v)", title, body, got, err)
			}
		})
	})
}

func TestAFormComesInBothEncodingsOfBrowsers(t *testing.T) {
	t.Parallel()
	for contentType, body := range map[string]string{
		fiber.MIMEApplicationForm:                          "title=Low+tide",
		"application/x-www-form-urlencoded; charset=UTF-8": "title=Low%20tide",
		"Application/X-WWW-Form-Urlencoded":                "title=Low+tide",
		multipartType:                                      multipartBody,
	} {
		reading(contentType, []byte(body), func(c *fiber.Ctx) {
			if sent, err := readForm(c); err != nil || sent.value("title") != "Low tide" {
				t.Errorf("%s is not read: %v", contentType, err)
			}
		})
	}
}
