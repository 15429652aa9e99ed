package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// CountCap is how far a list's total is counted.
const CountCap = 10_000

// Page asks for one page of a list. After holds the sort key and the id of the last row of the page before, as text.
type Page struct {
	Limit int
	Sort  string // a name of the list's orders, "-" before it turns it round
	After []string
	Count bool
}

// Rows is one page. Next is After of the following page, nil on the last one; Total is counted up to CountCap+1 where the
// page asked for it.
type Rows[T any] struct {
	Items []T
	Next  []string
	Total *int
}

// order is one way a list can be sorted: a NOT NULL expression and the type that its cursor text is cast to.
type order[T any] struct {
	expr string
	cast string
	key  func(T) string
}

// byTime is the order by an expression that is a timestamptz and that rows hold as at.
func byTime[T any](expr string, at func(T) time.Time) order[T] {
	return order[T]{expr, "timestamptz", func(row T) string { return at(row).Format(time.RFC3339Nano) }}
}

// listing builds a list's query: conditions join with AND, arguments are numbered as they come.
type listing[T any] struct {
	from   string // "SELECT ... FROM ... WHERE x.tenant_id = $1"; everything up to the conditions
	id     string // the id column, which breaks ties
	idCast string // its type; empty: uuid
	idOf   func(T) string
	orders map[string]order[T]
	where  []string
	args   []any
}

func newListing[T any](ctx context.Context, from, id string, idOf func(T) string, orders map[string]order[T]) *listing[T] {
	actor, _ := models.ActorFrom(ctx)
	return &listing[T]{from: from, id: id, idOf: idOf, orders: orders, args: []any{actor.TenantID}}
}

// and adds a condition; each %d in it is the number of the next argument.
func (l *listing[T]) and(condition string, args ...any) {
	numbers := make([]any, len(args))
	for i := range args {
		numbers[i] = len(l.args) + i + 1
	}
	l.args = append(l.args, args...)
	l.where = append(l.where, fmt.Sprintf(condition, numbers...))
}

// in adds a filter whose values are OR, unless there are none. cast is the column's array type, such as uuid[].
func in[T, V any](l *listing[T], column, cast string, values []V) {
	if len(values) > 0 {
		l.and(column+" = ANY($%d::"+cast+")", values)
	}
}

// scope keeps a location-scoped actor to its locations.
func (l *listing[T]) scope(ctx context.Context, column string) {
	actor, _ := models.ActorFrom(ctx)
	if actor.Scoped() {
		l.args = append(l.args, scopeOf(actor))
		l.where = append(l.where, scopeSQL(column, len(l.args)))
	}
}

// run reads the page: one query, and the capped count beside it in the same round trip where it is asked for.
func (l *listing[T]) run(ctx context.Context, s *Store, p Page) (Rows[T], error) {
	name, descending := strings.CutPrefix(p.Sort, "-")
	o, ok := l.orders[name]
	if !ok {
		return Rows[T]{}, models.InvalidField("sort", "enum", "This list cannot be sorted by %q.", name)
	}
	counted := l.from + l.conditions()
	countArgs := l.args
	compare, direction := ">", "ASC"
	if descending {
		compare, direction = "<", "DESC"
	}
	if p.After != nil {
		if len(p.After) != 2 {
			return Rows[T]{}, models.InvalidField("cursor", "invalid", "This is not a cursor of this list.")
		}
		idCast := cmp.Or(l.idCast, "uuid")
		l.and(fmt.Sprintf("(%s, %s) %s ($%%d::%s, $%%d::%s)", o.expr, l.id, compare, o.cast, idCast), p.After[0], p.After[1])
	}
	query := fmt.Sprintf("%s%s ORDER BY %s %s, %s %s LIMIT %d", l.from, l.conditions(), o.expr, direction, l.id, direction, p.Limit+1)
	var found []T
	var totals []int
	err := s.readBatch(ctx, func(b *pgx.Batch) {
		b.Queue(query, l.args...).Query(func(r pgx.Rows) (err error) {
			found, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[T])
			return err
		})
		if p.Count {
			b.Queue(fmt.Sprintf("SELECT count(*) FROM (%s LIMIT %d) counted", counted, CountCap+1), countArgs...).Query(func(r pgx.Rows) (err error) {
				totals, err = pgx.CollectRows(r, pgx.RowTo[int])
				return err
			})
		}
	})
	if err != nil {
		return Rows[T]{}, badCursor(err)
	}
	return l.page(o, p, found, totals), nil
}

func (l *listing[T]) page(o order[T], p Page, found []T, totals []int) Rows[T] {
	rows := Rows[T]{Items: found}
	if len(found) > p.Limit {
		rows.Items = found[:p.Limit]
		last := rows.Items[p.Limit-1]
		rows.Next = []string{o.key(last), l.idOf(last)}
	}
	if len(totals) == 1 {
		rows.Total = &totals[0]
	}
	return rows
}

func (l *listing[T]) conditions() string {
	if len(l.where) == 0 {
		return ""
	}
	return " AND " + strings.Join(l.where, " AND ")
}

// likeText is the pattern for «contains»: the text's own wildcards mean themselves.
func likeText(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
}
