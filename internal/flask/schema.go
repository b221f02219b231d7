package flask

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"miniblog/internal/sqlite"
)

// want is a column that a table may have, by its names in the tutorials that there are.
type want struct {
	what     string
	names    []string // the first that the table has counts
	required bool
}

// shape is a table that the file may have.
type shape struct {
	what    string
	names   []string
	columns []want
}

// Places of the columns in the shapes below, and so in the rows that are read.
const (
	userID = iota
	userName
	userPassword
	userEmail
)

const (
	postID = iota
	postTitle
	postBody
	postAuthor
	postCreated
	postPublic
	postPrivate
)

var userShape = shape{"accounts", []string{"users", "user", "accounts", "account"}, []want{
	userID:       {"id", []string{"id", "user_id", "uid"}, false},
	userName:     {"username", []string{"username", "user_name", "name", "login"}, true},
	userPassword: {"password", []string{"password_hash", "password", "pw_hash", "hashed_password", "passwd", "hash"}, true},
	userEmail:    {"email", []string{"email", "email_address", "mail"}, false},
}}

// Messages are not among the names: in most apps they are private.
var postShape = shape{"posts", []string{
	"posts", "post", "blog_posts", "blog_post", "blogposts", "blogpost", "articles", "article", "entries", "entry",
}, []want{
	postID:      {"id", []string{"id", "post_id"}, false},
	postTitle:   {"title", []string{"title", "subject", "headline"}, false},
	postBody:    {"text", []string{"body", "content", "text"}, true},
	postAuthor:  {"author", []string{"author_id", "user_id", "owner_id", "author", "username", "user"}, true},
	postCreated: {"time", []string{"created", "created_at", "date_posted", "timestamp", "pub_date", "posted_at", "date_created", "date"}, false},
	postPublic:  {"published", []string{"published", "is_published"}, false},
	postPrivate: {"draft", []string{"draft", "is_draft"}, false},
}}

// layout is where a file keeps what a shape wants.
type layout struct {
	table   *sqlite.Table // nil for none
	columns []string      // as the shape's; "" for one that the table does not have
}

// has tells whether the table has that column.
func (l layout) has(place int) bool { return l.table != nil && l.columns[place] != "" }

func (f *File) readSchema(ctx context.Context) error {
	entries, err := f.rows.Entries(ctx)
	if err != nil {
		return f.inWords(err)
	}
	if f.users, err = f.find(entries, userShape); err != nil {
		return err
	}
	posts, err := f.find(entries, postShape)
	var lack *lackError
	switch {
	case errors.As(err, &lack):
		f.found = append(f.found, "posts are not imported: "+lack.Error())
	case err != nil:
		return err
	}
	f.posts = posts
	return nil
}

// lackError says what a file does not have.
type lackError struct{ lack string }

func (l *lackError) Error() string { return l.lack }

// find finds the first table of a shape that has what is required.
func (f *File) find(entries []sqlite.Entry, s shape) (layout, error) {
	lack := &lackError{fmt.Sprintf("%s has no table of %s (looked for %s)", f.path, s.what, strings.Join(s.names, ", "))}
	for _, name := range s.names {
		at := slices.IndexFunc(entries, func(e sqlite.Entry) bool { return strings.EqualFold(e.Name, name) })
		if at < 0 {
			continue
		}
		if entries[at].Kind != sqlite.KindTable { // a view or a virtual table computes what it shows
			lack = &lackError{fmt.Sprintf("%s in %s is a %s, not a table", name, f.path, entries[at].Kind)}
			continue
		}
		table, err := f.rows.Table(entries[at])
		if err != nil {
			return layout{}, f.inWords(err)
		}
		found, missing := s.match(table)
		if missing == nil {
			f.found = append(f.found, s.describe(found))
			return found, nil
		}
		lack = &lackError{fmt.Sprintf("table %s in %s has no column for the %s (looked for %s)",
			name, f.path, missing.what, strings.Join(missing.names, ", "))}
	}
	return layout{}, lack
}

// match finds the shape's columns among those that a table has, or what is missing.
func (s shape) match(table *sqlite.Table) (layout, *want) {
	found, has := layout{table: table, columns: make([]string, len(s.columns))}, table.Columns()
	for place, wanted := range s.columns {
		for _, name := range wanted.names {
			if at := slices.IndexFunc(has, func(column string) bool { return strings.EqualFold(column, name) }); at >= 0 {
				found.columns[place] = has[at]
				break
			}
		}
		if found.columns[place] == "" && wanted.required {
			return layout{}, &wanted
		}
	}
	return found, nil
}

// describe tells which column is taken for what.
func (s shape) describe(found layout) string {
	var parts []string
	for place, column := range found.columns {
		switch {
		case column == "":
		case strings.EqualFold(column, s.columns[place].what):
			parts = append(parts, column)
		default:
			parts = append(parts, s.columns[place].what+" from "+column)
		}
	}
	return fmt.Sprintf("%s: table %s (%s)", s.what, found.table.Name, strings.Join(parts, ", "))
}
