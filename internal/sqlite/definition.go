package sqlite

import (
	"fmt"
)

// definition is what the statement says that made a table (2.6).
type definition struct {
	columns      []column
	key          []keyPart
	withoutRowID bool
}

// keyPart is a column of the primary key.
type keyPart struct {
	column    int
	collation string // "" for the column's own
	descends  bool   // as the column itself declares it
}

// parser reads a definition (sqlite.org/lang_createtable.html).
type parser struct {
	*scanner
	made   definition
	places map[string]int // of the columns, by their names
}

// mostColumns is SQLite's own limit (sqlite.org/limits.html).
const mostColumns = 32767

// errDefinition is of a definition that SQLite would not have kept.
var errDefinition = fmt.Errorf("%w: the definition of a table cannot be read", ErrDamaged)

// virtualModule finds the module of a definition of a virtual table, if it is one.
func virtualModule(sql string) (module string, is bool) {
	s := scan(sql)
	if !s.skip("CREATE") || !s.skip("VIRTUAL") || !s.skip("TABLE") {
		return "", false
	}
	s.advance() // past its name
	s.skip("USING")
	return s.text, true
}

// parseTable reads the definition of a table.
func parseTable(sql string) (*definition, error) {
	p := &parser{scanner: scan(sql), places: map[string]int{}}
	if !p.skip("CREATE") || !p.skip("TABLE") || !p.isName() {
		return nil, errDefinition
	}
	p.advance()
	if !p.skip("(") {
		return nil, errDefinition
	}
	for more := true; more; more = p.skip(",") {
		if err := p.readItem(); err != nil {
			return nil, err
		}
	}
	if !p.skip(")") || len(p.made.columns) == 0 {
		return nil, errDefinition
	}
	return &p.made, p.readOptions()
}

// skip goes past one of these words or signs, and tells whether it was there.
func (s *scanner) skip(words ...string) bool {
	there := s.is(words...)
	if there {
		s.advance()
	}
	return there
}

// readItem reads a column or, in the words that no column's name can be, a constraint of the table.
func (p *parser) readItem() error {
	if p.is("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN") {
		return p.readConstraints()
	}
	switch {
	case !p.isName():
		return errDefinition
	case len(p.made.columns) == mostColumns:
		return ErrTooLarge
	}
	c := column{name: p.text, collation: "binary"}
	p.advance()
	p.readType(&c)
	place := len(p.made.columns)
	p.places[lower(c.name)] = place
	p.made.columns = append(p.made.columns, c)
	return p.readColumnConstraints(place)
}

// readType reads the type of a column, which is any names, and numbers in parentheses. The words
// GENERATED ALWAYS come along: of what is computed nobody asks the type.
func (p *parser) readType(c *column) {
	begin, end := p.begin, p.begin
	for p.isName() && !p.is("CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "AS") {
		end = p.end
		p.advance()
	}
	if end > begin && p.is("(") {
		end = p.skipParentheses()
	}
	declared := p.sql[begin:end]
	c.affinity = affinityOf(declared)
	if only := scan(declared); only.isName() && only.end == len(declared) {
		c.kind = lower(only.text)
	}
}

// skipParentheses goes past what is in parentheses, and tells where that ended.
func (s *scanner) skipParentheses() (end int) {
	for depth := 0; s.kind != endToken; {
		switch {
		case s.is("("):
			depth++
		case s.is(")"):
			depth--
		}
		end = s.end
		if s.advance(); depth == 0 {
			break
		}
	}
	return end
}

// readColumnConstraints reads what follows the type of a column, up to the next item.
func (p *parser) readColumnConstraints(place int) error {
	c := &p.made.columns[place]
	for !p.is(",", ")") {
		switch {
		case p.kind == endToken:
			return errDefinition
		case p.skip("CONSTRAINT", "REFERENCES", "SET"): // a name, or SET NULL, SET DEFAULT
			p.advance()
		case p.skip("COLLATE"):
			c.collation = lower(p.text)
			p.advance()
		case p.skip("PRIMARY"):
			p.skip("KEY")
			p.made.key = []keyPart{{column: place, descends: p.is("DESC")}}
		case p.skip("DEFAULT"):
			c.preset = p.readPreset()
		case p.skip("AS"):
			p.readGenerated(c)
		case p.is("("):
			p.skipParentheses()
		default:
			p.advance()
		}
	}
	return nil
}

// readGenerated reads from what a column is computed (sqlite.org/gencol.html).
func (p *parser) readGenerated(c *column) {
	p.skipParentheses()
	c.generated = isVirtual
	if p.skip("STORED") {
		c.generated = isStored
	}
}

// readConstraints reads constraints of the table: SQLite takes several without a comma, too.
func (p *parser) readConstraints() error {
	for !p.is(",", ")") {
		switch {
		case p.kind == endToken:
			return errDefinition
		case p.skip("CONSTRAINT", "REFERENCES", "SET"):
			p.advance()
		case p.skip("PRIMARY"):
			p.skip("KEY")
			if err := p.readKey(); err != nil {
				return err
			}
		case p.is("("):
			p.skipParentheses()
		default:
			p.advance()
		}
	}
	return nil
}

// readKey reads the columns of a primary key. That an only one descends, in there, is passed over.
func (p *parser) readKey() error {
	p.made.key = nil
	if !p.is("(") {
		return errDefinition
	}
	for more := p.skip("("); more; more = p.skip(",") {
		part, err := p.readKeyPart()
		if err != nil {
			return err
		}
		p.made.key = append(p.made.key, part)
	}
	if !p.skip(")") {
		return errDefinition
	}
	return nil
}

// readKeyPart reads a column, in any number of parentheses, its collation and its order.
func (p *parser) readKeyPart() (part keyPart, err error) {
	for p.skip("(") {
	}
	place, known := p.places[lower(p.text)]
	if part.column = place; !p.isName() || !known {
		return part, errDefinition
	}
	p.advance()
	for depth := 0; depth > 0 || !p.is(",", ")"); {
		if p.kind == endToken {
			return part, errDefinition
		}
		if p.skip("COLLATE") {
			part.collation = lower(p.text)
		}
		p.advance()
	}
	return part, nil
}

// readOptions reads what follows the columns (sqlite.org/withoutrowid.html, stricttables.html).
func (p *parser) readOptions() error {
	for ; p.kind != endToken; p.advance() {
		switch {
		case p.skip("WITHOUT"):
			p.made.withoutRowID = p.isName() && lower(p.text) == "rowid"
		case p.is("STRICT"):
			p.made.keepAny()
		}
	}
	if p.made.withoutRowID && len(p.made.key) == 0 {
		return errDefinition
	}
	return nil
}

// keepAny has columns of type ANY change nothing, as they do in a strict table.
func (d *definition) keepAny() {
	for place := range d.columns {
		if d.columns[place].kind == "any" {
			d.columns[place].affinity = blobAffinity
		}
	}
}
