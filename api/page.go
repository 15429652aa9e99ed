package api

import (
	"encoding/base64"
	"encoding/json"

	"mainstay/models"
	"mainstay/models/store"
)

// PageQuery is what every list takes. Lists are keyset pages: a cursor names the last row seen, so that rows that come or go
// meanwhile neither repeat nor hide others.
type PageQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"next_cursor of the page before"`
	Count  string `query:"count" enum:"capped" doc:"adds total, counted up to 10,000"`
}

// Page is a list's answer.
type Page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor,omitempty" doc:"absent on the last page"`
	Total      *Total `json:"total,omitempty"`
}

// Total counts a list up to 10,000.
type Total struct {
	Value    int    `json:"value"`
	Relation string `json:"relation" enum:"eq,gte"`
}

type listOutput[T any] struct{ Body Page[T] }

// cursorText is versioned by its first field, so that an old cursor is refused and never misread.
type cursorText struct {
	V    int      `json:"v"`
	Sort string   `json:"s"`
	Keys []string `json:"k"`
}

// page turns the query into the store's terms. sort is the order of this list, as the request named it.
func (q PageQuery) page(sort string) (store.Page, error) {
	p := store.Page{Limit: q.Limit, Sort: sort, Count: q.Count != ""}
	if q.Cursor == "" {
		return p, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	var c cursorText
	if err != nil || json.Unmarshal(text, &c) != nil || c.V != 1 || len(c.Keys) == 0 {
		return p, models.InvalidField("cursor", "invalid", "This is not a cursor of this list.")
	}
	if c.Sort != sort {
		return p, models.InvalidField("cursor", "sort", "The cursor belongs to another order.")
	}
	p.After = c.Keys
	return p, nil
}

// listPage answers one page of a list: the rows that read finds for the query, each as body shows it.
func listPage[R, T any](q PageQuery, sort string, body func(R) T, read func(store.Page) (store.Rows[R], error)) (*listOutput[T], error) {
	page, err := q.page(sort)
	if err != nil {
		return nil, err
	}
	rows, err := read(page)
	if err != nil {
		return nil, err
	}
	return &listOutput[T]{Body: pageOf(rows, sort, body)}, nil
}

// pageOf maps the rows and writes the cursor of the next page.
func pageOf[R, T any](rows store.Rows[R], sort string, view func(R) T) Page[T] {
	out := Page[T]{Items: make([]T, len(rows.Items))}
	for i, row := range rows.Items {
		out.Items[i] = view(row)
	}
	if rows.Next != nil {
		text, err := json.Marshal(cursorText{V: 1, Sort: sort, Keys: rows.Next})
		if err != nil {
			panic(err) // strings only
		}
		out.NextCursor = base64.RawURLEncoding.EncodeToString(text)
	}
	if rows.Total != nil {
		out.Total = &Total{Value: min(*rows.Total, store.CountCap), Relation: "eq"}
		if *rows.Total > store.CountCap {
			out.Total.Relation = "gte"
		}
	}
	return out
}
