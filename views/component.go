package views

import (
	"context"
	"html"
	"io"

	"github.com/a-h/templ"
	templruntime "github.com/a-h/templ/runtime"
)

// What generated components call instead of templ's own functions, which take anything and so
// make garbage of each text: see build.

// component is templ's GeneratedTemplate without a function around the function.
type component func(templruntime.GeneratedComponentInput) error

// Render writes the component.
func (c component) Render(ctx context.Context, out io.Writer) error {
	return c(templruntime.GeneratedComponentInput{Context: ctx, Writer: out})
}

// textOf is what is shown, and escaped where they are written.
func textOf[T ~string](text T) (string, error) { return string(text), nil }

// valueOf is the value of an attribute.
func valueOf[T ~string](value T) (string, error) { return html.EscapeString(string(value)), nil }

// urlOf is the value of an attribute that leads somewhere, if it is not a script.
func urlOf[T ~string](url T) (templ.SafeURL, error) { return templ.URL(string(url)), nil }
