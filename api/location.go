package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// Location is a place as the API shows it.
type Location struct {
	ID          uuid.UUID  `json:"id"`
	Code        string     `json:"code"`
	Name        string     `json:"name"`
	Kind        string     `json:"kind"`
	ParentID    *uuid.UUID `json:"parent_id"`
	Parent      *Ref       `json:"parent"`
	SiteID      uuid.UUID  `json:"site_id"`
	Site        Ref        `json:"site"`
	TimeZone    string     `json:"time_zone" example:"Europe/Berlin"`
	HasChildren bool       `json:"has_children"`
	ArchivedAt  *time.Time `json:"archived_at,omitempty"`
	Version     int        `json:"version"`
	CreatedAt   time.Time  `json:"created_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
}

// LocationBody creates a location. A root is a site and needs an IANA zone; below it, the zone is the site's.
type LocationBody struct {
	Code     string     `json:"code" minLength:"1" maxLength:"64"`
	Name     string     `json:"name" minLength:"1" maxLength:"300"`
	Kind     string     `json:"kind" enum:"site,plant,building,floor,room,area,unit,system,line,position,storeroom,bin,receiving"`
	ParentID *uuid.UUID `json:"parent_id,omitempty"`
	TimeZone string     `json:"time_zone,omitempty" maxLength:"100" example:"Europe/Berlin"`
}

// LocationPatch changes a location. A new parent_id moves everything below it too.
type LocationPatch struct {
	Code     Optional[string]    `json:"code,omitempty"`
	Name     Optional[string]    `json:"name,omitempty"`
	Kind     Optional[string]    `json:"kind,omitempty"`
	ParentID Optional[uuid.UUID] `json:"parent_id,omitempty"`
	TimeZone Optional[string]    `json:"time_zone,omitempty"`
}

type locationPatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body LocationPatch
}

type locationListInput struct {
	PageQuery
	TreeQuery
	Q        string   `query:"q" maxLength:"200" doc:"text in code or name"`
	Sort     string   `query:"sort" enum:"code,-code,name,-name,created_at,-created_at" default:"name"`
	Kind     []string `query:"kind,explode" enum:"site,plant,building,floor,room,area,unit,system,line,position,storeroom,bin,receiving,transit"`
	SiteID   []string `query:"site_id,explode"`
	Archived bool     `query:"archived" doc:"what is out of use instead of what is in use"`
}

func (s *Server) locationRoutes() {
	n := recordNoun{
		path: "/v1/locations", one: "location", many: "locations",
		read: models.PermissionLocationsRead, write: models.PermissionLocationsWrite,
	}
	register(s, n.create(), s.createLocation)
	register(s, n.list(), s.listLocations)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[Location], error) {
		return s.readLocation(ctx, in.ID)
	})
	register(s, n.change(), s.changeLocation)
	register(s, n.archive(), command(s.store.ArchiveLocation, s.readLocation))
	register(s, n.restore(), command(s.store.RestoreLocation, s.readLocation))
}

func (s *Server) createLocation(ctx context.Context, in *struct{ Body LocationBody }) (*recordOutput[Location], error) {
	id, err := s.store.CreateLocation(ctx, func(l *models.Location) {
		l.Code, l.Name, l.Kind = in.Body.Code, in.Body.Name, models.LocationKind(in.Body.Kind)
		l.ParentID, l.TimeZone = in.Body.ParentID, in.Body.TimeZone
	})
	if err != nil {
		return nil, err
	}
	return s.readLocation(ctx, id)
}

func (s *Server) readLocation(ctx context.Context, id uuid.UUID) (*recordOutput[Location], error) {
	v, err := s.store.Location(ctx, id)
	if err != nil {
		return nil, err
	}
	return &recordOutput[Location]{Location: "/v1/locations/" + id.String(), ETag: etag(v.Version), Body: locationBody(v)}, nil
}

func (s *Server) listLocations(ctx context.Context, in *locationListInput) (*listOutput[Location], error) {
	tree, err := in.tree()
	if err != nil {
		return nil, err
	}
	var faults models.Faults
	f := store.LocationFilter{SiteIDs: queryIDs(&faults, "site_id", in.SiteID)}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	f.Text, f.Kinds, f.Tree, f.Archived = in.Q, in.Kind, tree, in.Archived
	return listPage(in.PageQuery, in.Sort, locationBody, func(page store.Page) (store.Rows[store.LocationView], error) {
		return s.store.Locations(ctx, f, page)
	})
}

func (s *Server) changeLocation(ctx context.Context, in *locationPatchInput) (*recordOutput[Location], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	err = s.store.ChangeLocation(ctx, in.ID, version, func(l *models.Location) {
		kind := string(l.Kind)
		in.Body.Code.apply(&l.Code)
		in.Body.Name.apply(&l.Name)
		in.Body.Kind.apply(&kind)
		in.Body.ParentID.applyPointer(&l.ParentID)
		in.Body.TimeZone.apply(&l.TimeZone)
		l.Kind = models.LocationKind(kind)
	})
	if err != nil {
		return nil, err
	}
	return s.readLocation(ctx, in.ID)
}

func locationBody(v store.LocationView) Location {
	return Location{
		ID: v.ID, Code: v.Code, Name: v.Name, Kind: string(v.Kind), ParentID: v.ParentID,
		Parent: refOf(v.ParentID, v.ParentCode, v.ParentName), SiteID: v.SiteID,
		Site: Ref{ID: v.SiteID, Code: v.SiteCode, Name: v.SiteName}, TimeZone: v.TimeZone, HasChildren: v.HasChildren,
		ArchivedAt: v.ArchivedAt, Version: v.Version, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
	}
}
