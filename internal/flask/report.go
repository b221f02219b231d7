package flask

// Fate is what becomes of a row.
type Fate int

// The fates of accounts and posts.
const (
	Imported       Fate = iota // or would be
	Present                    // imported before
	NameClash                  // an account here, or another in the file, has the name
	HashUnknown                // the password cannot be verified here
	NameImpossible             // no username here can be like that
	AuthorMissing              // the post's author is not imported
	RuleBroken                 // the post breaks a rule of the blog's
)

// Words for each fate, in the order of the sums.
var fateWords = [...]string{
	"imported", "already imported", "name clash", "hash not known", "name not possible", "author not imported", "breaks a rule",
}

func (f Fate) String() string { return fateWords[f] }

// What a row is.
const (
	Account = "account"
	Post    = "post"
)

// Row is what became of one row of the file.
type Row struct {
	What string // Account or Post
	Name string // safe to print
	Fate Fate
	Note string // why, or what else is to be known; may be empty
}

// fine tells whether there is nothing to be known about the row.
func (r Row) fine() bool { return r.Note == "" && (r.Fate == Imported || r.Fate == Present) }

// How many rows a report lists: of those without a problem all or, when there are more,
// none; of those with one the first.
const (
	mostFine     = 200
	mostProblems = 10_000
)

// Report is what became of all rows.
type Report struct {
	Sums    map[string]map[Fate]int // by what they are
	Drafts  int                     // of the posts imported
	rows    []Row
	fine    int
	problem int
}

func newReport() *Report {
	return &Report{Sums: map[string]map[Fate]int{Account: {}, Post: {}}}
}

func (r *Report) add(row Row) {
	r.Sums[row.What][row.Fate]++
	if row.fine() {
		if r.fine++; r.fine <= mostFine {
			r.rows = append(r.rows, row)
		}
		return
	}
	if r.problem++; r.problem <= mostProblems {
		r.rows = append(r.rows, row)
	}
}

// Rows lists the rows in the file's order, accounts first. Unlisted is how many more
// there are with a problem: the list ends somewhere.
func (r *Report) Rows() (listed []Row, unlisted int) {
	for _, row := range r.rows {
		if r.fine <= mostFine || !row.fine() {
			listed = append(listed, row)
		}
	}
	return listed, max(0, r.problem-mostProblems)
}
