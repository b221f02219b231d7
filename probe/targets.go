package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// target is a request whose parameters are tried.
type target struct {
	as     viewer
	page   string // on which it was found, with its words in braces
	method string
	action string // a * in its path is a place that is tried
	fields url.Values
}

// String is what the target is, whosever it is.
func (t target) String() string {
	path, query, _ := strings.Cut(t.action, "?")
	named := fmt.Sprintf("%s %s", t.method, idPattern.ReplaceAllString(path, "{}"))
	if parameters, err := url.ParseQuery(query); err == nil && len(parameters) > 0 {
		named += "?" + strings.Join(slices.Sorted(maps.Keys(parameters)), "&")
	}
	if len(t.fields) > 0 {
		named += " " + strings.Join(slices.Sorted(maps.Keys(t.fields)), ",")
	}
	return named
}

// idPattern is what differs from one person to the next: ids, names, and tokens.
var idPattern = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|probe-[a-z2-7]{12}|[\w-]{43}`)

// fill puts a person's words into a page's address.
func (p *person) fill(path string) string {
	for name, word := range p.words {
		path = strings.ReplaceAll(path, "{"+name+"}", word)
	}
	return path
}

// sees is who looks at the page: nobody has no session.
func (p *person) sees(as viewer) *person {
	if as == nobody {
		return nil
	}
	return p
}

// targets lists what there is to probe, each once.
func (s *site) targets(ctx context.Context) ([]target, error) {
	var all []target
	seen := map[string]bool{}
	add := func(as viewer, page string, found ...target) {
		for _, each := range found {
			each.as, each.page = as, page
			// A form that everybody sees is tried signed out and signed in; the owner's other pages are an author's.
			key := string(min(as, author)) + each.String()
			if as == nobody {
				key = string(nobody) + each.String()
			}
			if !seen[key] {
				seen[key] = true
				all = append(all, each)
			}
		}
	}
	for _, as := range []viewer{nobody, author, owner} {
		p, err := s.newPerson(ctx, as)
		if err != nil {
			return nil, err
		}
		for _, page := range pages {
			if page.as != as {
				continue
			}
			add(as, page.path, p.addressesOf(page.path)...)
			found, err := s.targetsOn(ctx, p, p.sees(as), strings.ReplaceAll(p.fill(page.path), "*", ""))
			if err != nil {
				return nil, err
			}
			add(as, page.path, found...)
		}
		for i, more := range extra {
			if more.page.as == as {
				found, err := s.extraTarget(ctx, p, i)
				if err != nil {
					return nil, err
				}
				add(as, more.page.path, found)
			}
		}
	}
	return all, nil
}

// addressesOf are the targets that a page's address is: where sqlmap sees a * it tries nothing else.
func (p *person) addressesOf(path string) (found []target) {
	path = p.fill(path)
	unmarked := strings.ReplaceAll(path, "*", "")
	if path != unmarked {
		marked, _, _ := strings.Cut(path, "?")
		found = append(found, target{method: http.MethodGet, action: marked})
	}
	if strings.Contains(path, "?") {
		found = append(found, target{method: http.MethodGet, action: unmarked})
	}
	return found
}

// again is the target as it is for another person.
func (s *site) again(ctx context.Context, p *person, t target) (target, error) {
	name := t.String()
	found, err := s.targetsOn(ctx, p, p.sees(t.as), strings.ReplaceAll(p.fill(t.page), "*", ""))
	if err != nil {
		return t, err
	}
	candidates := append(p.addressesOf(t.page), found...)
	for i, more := range extra {
		if more.page == (page{t.as, t.page}) {
			found, err := s.extraTarget(ctx, p, i)
			if err != nil {
				return t, err
			}
			candidates = append(candidates, found)
		}
	}
	for _, each := range candidates {
		if each.String() == name {
			each.as, each.page = t.as, t.page
			return each, nil
		}
	}
	return t, fmt.Errorf("%s is not on %s of another person", name, t.page)
}

func (s *site) extraTarget(ctx context.Context, p *person, i int) (target, error) {
	more := extra[i]
	shown, err := s.send(ctx, p.sees(more.page.as), http.MethodGet, p.fill(more.page.path), nil)
	if err != nil {
		return target{}, err
	}
	form := shown.page.Find(more.form).First()
	if form.Length() == 0 {
		return target{}, fmt.Errorf("no form %s on %s", more.form, more.page.path)
	}
	found := target{method: http.MethodPost, action: p.fill(more.action), fields: fieldsOf(form, p.name)}
	for _, field := range more.fields {
		name, value, _ := strings.Cut(field, "=")
		found.fields.Set(name, p.fill(value))
	}
	return found, nil
}

// targetsOn are the forms of a page, filled in by a person, and its links with parameters.
func (s *site) targetsOn(ctx context.Context, by, seen *person, path string) (found []target, err error) {
	shown, err := s.send(ctx, seen, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	if shown.status >= 500 {
		return nil, fmt.Errorf("%s is answered %d", path, shown.status)
	}
	shown.page.Find("form").Each(func(_ int, form *goquery.Selection) {
		method := strings.ToUpper(form.AttrOr("method", "get"))
		each := target{method: method, action: form.AttrOr("action", path), fields: fieldsOf(form, by.name)}
		if method == http.MethodGet {
			if len(each.fields) == 0 {
				return
			}
			each.action, each.fields = each.action+"?"+each.fields.Encode(), nil
		}
		found = append(found, each)
	})
	for _, attribute := range []string{"href", "data-hx-get"} {
		shown.page.Find("[" + attribute + "*='?']").Each(func(_ int, link *goquery.Selection) {
			if to := link.AttrOr(attribute, ""); strings.HasPrefix(to, "/") {
				found = append(found, target{method: http.MethodGet, action: to})
			}
		})
	}
	return found, nil
}

// fieldsOf are the fields of a form with something in each, and those of its buttons.
func fieldsOf(form *goquery.Selection, name string) url.Values {
	fields := url.Values{}
	if form.AttrOr("id", "") == "signup" { // where one's own name is taken
		name += "-too"
	}
	form.Find("input[name], textarea[name], select[name], button[name]").Each(func(_ int, field *goquery.Selection) {
		if field.Closest(".decoy").Length() > 0 {
			return // what fills it in gets no further
		}
		value := field.AttrOr("value", "")
		switch {
		case field.Is("textarea"):
			value = field.Text()
		case field.Is("select"):
			value = field.Find("option").First().AttrOr("value", "")
			value = field.Find("option[selected]").AttrOr("value", value)
		}
		if value == "" {
			value = somethingFor(field, name)
		}
		fields.Set(field.AttrOr("name", ""), value)
	})
	if form.AttrOr("id", "") == "password" { // nobody could log in with what is tried as a new one
		fields.Set("current", "not "+password)
	}
	return fields
}

func somethingFor(field *goquery.Selection, name string) string {
	switch {
	case field.AttrOr("type", "") == "password":
		return password
	case field.AttrOr("type", "") == "email":
		return name + "@example.org"
	case field.AttrOr("name", "") == "username":
		return name
	case field.AttrOr("type", "") == "number":
		return "1"
	}
	return "low tide"
}
