package views

import (
	"github.com/a-h/templ"

	"miniblog/internal/markdown"
)

// Sanitized prints what the sanitizer has passed as it is: the one markup on any page
// that no view has written.
func Sanitized(html markdown.HTML) templ.Component { return templ.Raw(string(html)) }
