package db_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
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
}

// plan is a node of a plan as EXPLAIN (ANALYZE, FORMAT JSON) tells it.
type plan struct {
	NodeType string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Index    string  `json:"Index Name"`
	Rows     float64 `json:"Actual Rows"`
	Loops    float64 `json:"Actual Loops"`
	Filtered float64 `json:"Rows Removed by Filter"`
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
	var text []byte
	for _, statement := range []string{
		"DEALLOCATE ALL",
		"SET LOCAL plan_cache_mode = " + e.mode,
		"PREPARE explained AS " + sql,
	} {
		if _, err := tx.Exec(ctx, statement, pgx.QueryExecModeSimpleProtocol); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	execute := "EXPLAIN (ANALYZE, TIMING off, FORMAT JSON) EXECUTE explained" + literals(args)
	if err := tx.QueryRow(ctx, execute, pgx.QueryExecModeSimpleProtocol).Scan(&text); err != nil {
		return fmt.Errorf("%s: %w", execute, err)
	}
	var answer []struct{ Plan plan }
	if err := json.Unmarshal(text, &answer); err != nil {
		return err
	}
	e.plan = answer[0].Plan
	return nil
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
			text = *value
		case []string:
			text = `{"` + strings.Join(value, `","`) + `"}`
		case uuid.NullUUID: // the zero one is nobody's
			text = value.UUID.String()
		case time.Time:
			text = value.Format(time.RFC3339Nano)
		case []uuid.UUID:
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
	fmt.Fprintf(text, "%s%s %s %s (%g rows, %g loops, %g filtered out)\n",
		indent, p.NodeType, p.Relation, p.Index, p.Rows, p.Loops, p.Filtered)
	for _, below := range p.Plans {
		below.draw(text, indent+"  ")
	}
}
