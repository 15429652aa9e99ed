package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// Found is a row that a search or a scan found; url is its address in this API.
type Found struct {
	Kind string    `json:"kind"`
	ID   uuid.UUID `json:"id"`
	Code string    `json:"code"`
	Name string    `json:"name"`
	URL  string    `json:"url"`
}

type searchInput struct {
	Q          string   `query:"q" required:"true" minLength:"1" maxLength:"200"`
	Kinds      []string `query:"kinds,explode" doc:"with commas: asset, location, work_order, work_request, maintenance_schedule, item, supplier, purchase_order, requisition; all where left out"`
	LocationID []string `query:"location_id,explode" doc:"what stands there and below, and what stands nowhere"`
	Limit      int      `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"of each kind"`
}

// SearchResult lists what was found, kind after kind.
type SearchResult struct {
	Items []Found `json:"items"`
}

func (s *Server) searchRoutes() {
	const tag = "Search"
	register(s, operation{
		method: http.MethodGet, path: "/v1/search", id: "search", tag: tag,
		summary: "Find by code, number, name or serial number", permission: models.PermissionSearchRead,
	}, s.search)
	register(s, operation{
		method: http.MethodGet, path: "/v1/lookup", id: "lookup", tag: tag,
		summary: "Find what a scanned code means", permission: models.PermissionSearchRead,
	}, s.lookup)
}

func (s *Server) search(ctx context.Context, in *searchInput) (*struct{ Body SearchResult }, error) {
	kinds, err := searchKinds(in.Kinds)
	if err != nil {
		return nil, err
	}
	var faults models.Faults
	locations := queryIDs(&faults, "location_id", in.LocationID)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	found, err := s.store.Search(ctx, in.Q, kinds, locations, in.Limit)
	if err != nil {
		return nil, err
	}
	out := SearchResult{Items: make([]Found, len(found))}
	for i, f := range found {
		out.Items[i] = foundBody(f)
	}
	return &struct{ Body SearchResult }{out}, nil
}

func searchKinds(texts []string) ([]models.SearchKind, error) {
	all := models.SearchKinds()
	if len(texts) == 0 {
		return all, nil
	}
	asked := strings.Split(strings.Join(texts, ","), ",")
	for _, text := range asked {
		if !slices.Contains(all, models.SearchKind(text)) {
			return nil, models.InvalidField("kinds", "enum", "%q is no kind that can be searched.", text)
		}
	}
	return slices.DeleteFunc(all, func(k models.SearchKind) bool { return !slices.Contains(asked, string(k)) }), nil
}

func (s *Server) lookup(ctx context.Context, in *struct {
	Code string `query:"code" required:"true" minLength:"1" maxLength:"200"`
},
) (*struct{ Body Found }, error) {
	found, err := s.store.Scanned(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Found }{foundBody(found)}, nil
}

func foundBody(f store.Found) Found {
	path := "/v1/" + strings.ReplaceAll(string(f.Kind), "_", "-") + "s/"
	return Found{Kind: string(f.Kind), ID: f.ID, Code: f.Code, Name: f.Name, URL: path + f.ID.String()}
}
