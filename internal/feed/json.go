package feed

import (
	"encoding/json"
	"io"
)

type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	HomeURL     string       `json:"home_page_url"`
	FeedURL     string       `json:"feed_url"`
	Description string       `json:"description,omitempty"`
	Icon        string       `json:"icon,omitempty"`
	Authors     []jsonAuthor `json:"authors,omitempty"`
	Items       []jsonItem   `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title,omitempty"`
	HTML      string       `json:"content_html"`
	Summary   string       `json:"summary,omitempty"`
	Image     string       `json:"image,omitempty"`
	Published string       `json:"date_published"`
	Modified  string       `json:"date_modified"`
	Authors   []jsonAuthor `json:"authors"`
	Tags      []string     `json:"tags,omitempty"`
}

// WriteJSON writes the feed as JSON Feed 1.1.
func (f Feed) WriteJSON(w io.Writer) error {
	made := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: printable(f.Title), HomeURL: f.HomeURL, FeedURL: f.JSONURL,
		Description: printable(f.About), Icon: f.IconURL, Items: []jsonItem{}, // which must be there
	}
	if f.Author.Name != "" {
		made.Authors = []jsonAuthor{f.Author.json()}
	}
	for _, entry := range f.Entries {
		made.Items = append(made.Items, entry.json())
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false) // which would make a feed of HTML much larger
	encoder.SetIndent("", " ")
	return encoder.Encode(made)
}

func (e Entry) json() jsonItem {
	made := jsonItem{
		ID: e.id(), URL: e.URL, Title: printable(e.Title), HTML: e.content(), Summary: printable(e.Summary),
		Image: e.ImageURL, Published: stamp(e.Published), Modified: stamp(e.Changed), Authors: []jsonAuthor{e.Author.json()},
	}
	for _, tag := range e.Tags {
		made.Tags = append(made.Tags, printable(tag.Name))
	}
	return made
}

func (a Author) json() jsonAuthor { return jsonAuthor{Name: printable(a.Name), URL: a.URL} }
