package handlers

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"miniblog/assets"
	"miniblog/views"
)

// noTime is for what has no time of its own.
var noTime time.Time

// webManifest is what a browser needs to put the blog among its apps (W3C, Web Application Manifest).
type webManifest struct {
	Name            string         `json:"name"`
	ShortName       string         `json:"short_name"`
	ID              string         `json:"id"`
	StartURL        string         `json:"start_url"`
	Scope           string         `json:"scope"`
	Display         string         `json:"display"`
	BackgroundColor string         `json:"background_color"`
	ThemeColor      string         `json:"theme_color"`
	Icons           []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Source  string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// paper is the colour of the light page (assets/css/tokens.css).
const paper = "#fbfaf7"

// manifest answers with the web manifest. The mark keeps to the middle of the icons, so they may be cut to
// any shape: they are maskable.
func (s *Server) manifest(c *fiber.Ctx) error {
	made := webManifest{
		Name: s.Title, ShortName: s.Title, ID: views.HomeURL, StartURL: views.HomeURL, Scope: views.HomeURL,
		Display: "minimal-ui", BackgroundColor: paper, ThemeColor: paper,
	}
	for _, purpose := range []string{"any", "maskable"} {
		for _, size := range []string{"192", "512"} {
			made.Icons = append(made.Icons, manifestIcon{assets.URL("icon-" + size + ".png"), size + "x" + size, "image/png", purpose})
		}
	}
	body, err := json.Marshal(made)
	if err != nil {
		return err
	}
	return sendUnlessKnown(c, "application/manifest+json", body, noTime)
}

// favicon is for those who ask for it without having read a page.
func (s *Server) favicon(c *fiber.Ctx) error {
	file, _ := assets.Find(strings.TrimPrefix(assets.URL("favicon.ico"), assets.Root))
	return sendUnlessKnown(c, file.ContentType, file.Identity, noTime)
}
