package api

import (
	"context"
	"net/http"

	"mainstay/models"
)

// Preferences are how a person likes to see the frontend. What is absent is the frontend's own choice.
type Preferences struct {
	Theme      string      `json:"theme,omitempty" enum:"system,light,dark"`
	Density    string      `json:"density,omitempty" enum:"comfortable,compact"`
	Letters    *bool       `json:"letters,omitempty" doc:"shortcuts of a single letter"`
	SavedViews []SavedView `json:"saved_views" maxItems:"100"`
}

// SavedView is a list as a person filtered and sorted it.
type SavedView struct {
	Area   string `json:"area" minLength:"1" maxLength:"60" example:"work-orders"`
	Name   string `json:"name" minLength:"1" maxLength:"80"`
	Search string `json:"search" maxLength:"2000" doc:"the query string of the list's address"`
}

type preferencesOutput struct {
	ETag string `header:"ETag"`
	Body Preferences
}

type preferencesInput struct {
	MaybeIfMatch
	Body Preferences
}

func (s *Server) preferencesRoutes() {
	const tag = "Sign-in"
	register(s, operation{
		method: http.MethodGet, path: "/v1/me/preferences", id: "get-my-preferences", tag: tag, permission: models.PermissionMeRead,
		summary: "Read how I like to see the frontend",
	}, func(ctx context.Context, _ *struct{}) (*preferencesOutput, error) { return s.readPreferences(ctx) })
	register(s, operation{
		method: http.MethodPut, path: "/v1/me/preferences", id: "set-my-preferences", tag: tag, permission: models.PermissionMeWrite,
		summary: "Replace how I like to see the frontend, with my saved views",
	}, s.setPreferences)
}

func (s *Server) readPreferences(ctx context.Context) (*preferencesOutput, error) {
	p, version, err := s.store.Preferences(ctx)
	if err != nil {
		return nil, err
	}
	body := Preferences{Theme: p.Theme, Density: p.Density, Letters: p.Letters, SavedViews: make([]SavedView, len(p.SavedViews))}
	for i, v := range p.SavedViews {
		body.SavedViews[i] = SavedView(v)
	}
	return &preferencesOutput{ETag: etag(version), Body: body}, nil
}

func (s *Server) setPreferences(ctx context.Context, in *preferencesInput) (*preferencesOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	p := models.Preferences{Theme: in.Body.Theme, Density: in.Body.Density, Letters: in.Body.Letters}
	for _, v := range in.Body.SavedViews {
		p.SavedViews = append(p.SavedViews, models.SavedView(v))
	}
	if err := s.store.SetPreferences(ctx, version, p); err != nil {
		return nil, err
	}
	return s.readPreferences(ctx)
}
