package flask

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"miniblog/internal/account"
)

// mostAccounts are held in memory at once, to find names that clash.
const mostAccounts = 100_000

// longest is how many bytes of a username, an email or a hash can matter: more is none.
const longest = 1024

// person is an account of the file.
type person struct {
	key   string    // its row's, by which posts name their author
	raw   string    // its username in the file; empty for one that is not text
	label string    // for the report
	name  string    // its username here
	exact bool      // the name is the one in the file, or chosen, and not only like it
	email string    // folded
	hash  string    // of its password
	id    uuid.UUID // here
	fate  Fate
	note  string
}

// here tells whether posts can have the person for their author.
func (p *person) here() bool { return p.fate == Imported || p.fate == Present }

// people are the accounts of the file.
type people struct {
	all    []*person
	byKey  map[string]*person
	byName map[string]*person // by username in the file; nil for several of one name
}

func (b *bringing) readPeople(ctx context.Context) error {
	b.people = people{byKey: map[string]*person{}, byName: map[string]*person{}}
	err := b.file.each(ctx, b.file.users, func(row []value) error {
		if len(b.people.all) == mostAccounts {
			return fmt.Errorf("%s has more than %d accounts: that is no blog's", b.file.path, mostAccounts)
		}
		b.people.add(b.readPerson(row))
		return nil
	})
	if err != nil {
		return err
	}
	for old := range b.rename {
		if _, there := b.people.byName[old]; !there {
			return fmt.Errorf("--rename: %s has no account named %s", b.file.path, label(old))
		}
	}
	return nil
}

func (b *bringing) readPerson(row []value) *person {
	p := &person{key: row[userID].key(), raw: short(row[userName]), hash: short(row[userPassword])}
	p.id = idOf(Account, p.key, p.raw)
	p.email = account.Fold(short(row[userEmail]))
	p.label = label(p.raw)
	if p.raw == "" {
		p.label = "in row " + label(fmt.Sprint(row[userID].data))
	}
	if chosen, ok := b.rename[p.raw]; ok {
		p.name, p.exact = chosen, true
	} else {
		p.name = account.Fold(p.raw)
		p.exact = p.name == p.raw
	}
	return p
}

// short is the value's text if it can be one that accounts have.
func short(v value) string {
	text, _ := v.text()
	if len(text) > longest || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return ""
	}
	return text
}

func (s *people) add(p *person) {
	s.all = append(s.all, p)
	s.byKey[p.key] = p
	if _, twice := s.byName[p.raw]; twice {
		p = nil
	}
	s.byName[p.raw] = p
}

// rivals finds the accounts whose username here another in the file is to have. The one
// that is spelled so in the file already keeps it; where none or several are, nobody does.
func (s *people) rivals() map[*person]bool {
	all, exact := map[string]int{}, map[string]int{}
	for _, p := range s.all {
		all[p.name]++
		if p.exact {
			exact[p.name]++
		}
	}
	rivals := map[*person]bool{}
	for _, p := range s.all {
		rivals[p] = all[p.name] > 1 && (!p.exact || exact[p.name] > 1)
	}
	return rivals
}

// byFold finds the one account whose name is like this, for posts that name their author loosely.
func (s *people) byFold(name string) *person {
	var found *person
	for _, p := range s.all {
		if strings.EqualFold(p.raw, name) {
			if found != nil {
				return nil
			}
			found = p
		}
	}
	return found
}

// label makes any text of the file safe to print on one line.
func label(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most-1]) + "…"
	}
	if text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.@") == "" {
		return text
	}
	return strconv.Quote(text)
}
