package db_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"miniblog/db"
)

// explainer stands in for a connection: what is asked of it is explained and
// run, but undone, and no row comes back. So a plan is that of the very text
// and arguments that the program sends.
type explainer struct {
	db.DBTX // nil: what is no query cannot be explained

	t    *testing.T
	conn *pgx.Conn
	mode string // of plan_cache_mode
	plan plan

	settled bool    // explained as it is after some runs, when PostgreSQL has chosen a plan for good
	generic bool    // that plan is for all arguments, so that none is made any more
	rows    float64 // that were read from tables, also by triggers

	compiled bool // PostgreSQL has compiled it to machine code first, which takes longer than any of them may
}

// runsUntilSettled is after how many plans for its own arguments each PostgreSQL compares
// them with one for all.
const runsUntilSettled = 5

// plan is a node of a plan as EXPLAIN (ANALYZE, FORMAT JSON) tells it.
type plan struct {
	NodeType string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Index    string  `json:"Index Name"`
	Rows     float64 `json:"Actual Rows"`
	Loops    float64 `json:"Actual Loops"`
	Filtered float64 `json:"Rows Removed by Filter"`
	Hit      float64 `json:"Shared Hit Blocks"`
	Read     float64 `json:"Shared Read Blocks"`
	Plans    []plan  `json:"Plans"`
}

// queries are the program's queries, explained.
func (e *explainer) queries() *db.Queries { return db.New(e) }

func (e *explainer) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, e.explain(ctx, sql, args)
}

func (e *explainer) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if err := e.explain(ctx, sql, args); err != nil {
		return nil, err
	}
	return nil, pgx.ErrNoRows
}

func (e *explainer) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return noRow{e.explain(ctx, sql, args)}
}

type noRow struct{ err error }

func (r noRow) Scan(...any) error {
	if r.err != nil {
		return r.err
	}
	return pgx.ErrNoRows
}

func (e *explainer) explain(ctx context.Context, sql string, args []any) error {
	tx, err := e.conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	run := func(statement string) error {
		if _, err := tx.Exec(ctx, statement, pgx.QueryExecModeSimpleProtocol); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
		return nil
	}
	execute := " EXECUTE explained" + literals(args)
	statements := []string{"DEALLOCATE ALL", "SET LOCAL plan_cache_mode = " + e.mode, "PREPARE explained AS " + sql}
	for range runsUntilSettled {
		if e.settled {
			statements = append(statements, "EXPLAIN"+execute)
		}
	}
	for _, statement := range statements {
		if err := run(statement); err != nil {
			return err
		}
	}
	before, err := rowsRead(ctx, tx)
	if err != nil {
		return err
	}
	var text []byte
	err = tx.QueryRow(ctx, "EXPLAIN (ANALYZE, BUFFERS, TIMING off, FORMAT JSON)"+execute, pgx.QueryExecModeSimpleProtocol).Scan(&text)
	if err != nil {
		return fmt.Errorf("%s: %w", execute, err)
	}
	if err := run("SET CONSTRAINTS ALL IMMEDIATE"); err != nil { // what triggers do when it is committed
		return err
	}
	after, err := rowsRead(ctx, tx)
	if err != nil {
		return err
	}
	e.rows = after - before
	err = tx.QueryRow(ctx, "SELECT generic_plans > 0 FROM pg_prepared_statements WHERE name = 'explained'", pgx.QueryExecModeSimpleProtocol).Scan(&e.generic)
	if err != nil {
		return err
	}
	var answer []struct {
		Plan plan
		JIT  json.RawMessage
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return err
	}
	e.plan, e.compiled = answer[0].Plan, answer[0].JIT != nil
	return nil
}

// rowsRead is how many rows of the blog's tables this connection has read lately.
func rowsRead(ctx context.Context, tx pgx.Tx) (rows float64, err error) {
	const read = "SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::float8 FROM pg_stat_xact_user_tables"
	err = tx.QueryRow(ctx, read, pgx.QueryExecModeSimpleProtocol).Scan(&rows)
	return rows, err
}

// literals writes arguments for EXECUTE, which gives a quoted one the type it needs.
func literals(args []any) string {
	var quoted []string
	for _, arg := range args {
		text := fmt.Sprint(arg)
		switch value := arg.(type) {
		case []byte:
			text = `\x` + hex.EncodeToString(value)
			if json.Valid(value) {
				text = string(value)
			}
		case *string:
			if value == nil {
				quoted = append(quoted, "NULL")
				continue
			}
			text = *value
		case *netip.Addr:
			if value == nil {
				quoted = append(quoted, "NULL")
				continue
			}
		case []string:
			text = `{"` + strings.Join(value, `","`) + `"}`
		case uuid.NullUUID: // the zero one is nobody's
			text = value.UUID.String()
		case time.Time:
			text = value.Format(time.RFC3339Nano)
		case []uuid.UUID, []int32:
			text = strings.NewReplacer("[", "{", "]", "}", " ", ",").Replace(text)
		case *time.Time:
			if value == nil {
				quoted = append(quoted, "NULL")
				continue
			}
			text = value.Format(time.RFC3339Nano)
		}
		quoted = append(quoted, "'"+strings.ReplaceAll(text, "'", "''")+"'")
	}
	if quoted == nil {
		return ""
	}
	return "(" + strings.Join(quoted, ", ") + ")"
}

// walk calls visit for the node and all below it.
func (p plan) walk(visit func(plan)) {
	visit(p)
	for _, below := range p.Plans {
		below.walk(visit)
	}
}

// String draws the plan for a failed test.
func (p plan) String() string {
	var text strings.Builder
	p.draw(&text, "")
	return text.String()
}

func (p plan) draw(text *strings.Builder, indent string) {
	fmt.Fprintf(text, "%s%s %s %s (%g rows, %g loops, %g filtered out, %g pages)\n",
		indent, p.NodeType, p.Relation, p.Index, p.Rows, p.Loops, p.Filtered, p.Hit+p.Read)
	for _, below := range p.Plans {
		below.draw(text, indent+"  ")
	}
}

func explain(t *testing.T, store *db.Store, mode string) *explainer {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), store.Pool.Config().ConnString())
	noError(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return &explainer{t: t, conn: conn, mode: mode}
}

// wantsUse asserts that the plan uses the index, or one of "this or that"; it may sort what it finds.
func (e *explainer) wantsUse(query, index string) {
	e.t.Helper()
	used := false
	e.plan.walk(func(node plan) { used = used || slices.Contains(strings.Split(index, " or "), node.Index) })
	if !used {
		e.t.Errorf("%s, %s: %s is not used in\n%s", query, e.mode, index, e.plan)
	}
}

// wantsNoScan asserts that the plan reads no table from end to end, but for those that have one row; it may sort what it finds.
func (e *explainer) wantsNoScan(query string) {
	e.t.Helper()
	e.plan.walk(func(node plan) {
		if node.NodeType == "Seq Scan" && node.Relation != "settings" && node.Relation != "editions" {
			e.t.Errorf("%s, %s: a scan of %s in\n%s", query, e.mode, node.Relation, e.plan)
		}
	})
}

// wantsAtMost asserts that no node of the plan reads more rows at once.
func (e *explainer) wantsAtMost(query string, rows float64) {
	e.t.Helper()
	e.plan.walk(func(node plan) {
		if read := node.Rows + node.Filtered; read > rows {
			e.t.Errorf("%s, %s: %s reads %g rows in\n%s", query, e.mode, node.NodeType, read, e.plan)
		}
	})
}
