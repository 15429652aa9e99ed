package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"mainstay/models"
)

// Me is who asks, and what he may do.
type Me struct {
	ID          uuid.UUID           `json:"id"`
	Email       string              `json:"email"`
	Name        string              `json:"name"`
	Roles       []models.Role       `json:"roles"`
	Permissions []models.Permission `json:"permissions" doc:"what the roles grant, less what an API token leaves out"`
	LocationIDs []uuid.UUID         `json:"location_ids" doc:"the locations, with all below, that the user is limited to; empty: none"`
	Locale      string              `json:"locale"`
	TimeZone    string              `json:"time_zone"`
	Tenant      MyTenant            `json:"tenant"`
}

// MyTenant is the tenant that a token belongs to.
type MyTenant struct {
	ID        uuid.UUID        `json:"id"`
	Code      string           `json:"code"`
	Name      string           `json:"name"`
	Currency  string           `json:"currency"`
	TimeZone  string           `json:"time_zone"`
	Locale    string           `json:"locale" doc:"of people who are created without one"`
	WeekStart models.WeekStart `json:"week_start" enum:"monday,saturday,sunday"`
}

// MePatch changes what a person may change of himself.
type MePatch struct {
	Name     Optional[string] `json:"name,omitempty"`
	Locale   Optional[string] `json:"locale,omitempty"`
	TimeZone Optional[string] `json:"time_zone,omitempty"`
}

// PasswordBody replaces one's own password.
type PasswordBody struct {
	CurrentPassword string `json:"current_password" minLength:"1" maxLength:"1024"`
	NewPassword     string `json:"new_password" minLength:"1" maxLength:"1024"`
}

type meOutput struct {
	ETag string `header:"ETag"`
	Body Me
}

type mePatchInput struct {
	IfMatch
	Body MePatch
}

func (s *Server) meRoutes() {
	const tag = "Sign-in"
	register(s, operation{
		method: http.MethodGet, path: "/v1/me", id: "get-me", tag: tag, permission: models.PermissionMeRead, summary: "Who I am and what I may do",
	}, func(ctx context.Context, _ *struct{}) (*meOutput, error) { return s.readMe(ctx) })
	register(s, operation{
		method: http.MethodPatch, path: "/v1/me", id: "change-me", tag: tag, permission: models.PermissionMeWrite,
		summary: "Change my name, language or time zone by a JSON merge patch",
	}, s.changeMe)
	register(s, operation{
		method: http.MethodPost, path: "/v1/me/password", id: "change-my-password", tag: tag, permission: models.PermissionMeWrite,
		status: http.StatusNoContent, summary: "Replace my password; my other sessions end",
	}, s.changeMyPassword)
}

func (s *Server) readMe(ctx context.Context) (*meOutput, error) {
	actor, _ := models.ActorFrom(ctx)
	u, err := s.store.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	t, err := s.store.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	me := Me{
		ID: u.ID, Email: u.Email, Name: u.Name, Roles: u.Roles, Permissions: []models.Permission{}, LocationIDs: list(u.LocationIDs),
		Locale: u.Locale, TimeZone: u.TimeZone,
		Tenant: MyTenant{
			ID: t.ID, Code: t.Code, Name: t.Name, Currency: t.Currency, TimeZone: t.TimeZone, Locale: t.Locale, WeekStart: t.WeekStart,
		},
	}
	if me.TimeZone == "" {
		me.TimeZone = t.TimeZone
	}
	for _, p := range models.PermissionsOf(u.Roles) {
		if actor.Can(p) {
			me.Permissions = append(me.Permissions, p)
		}
	}
	return &meOutput{ETag: etag(u.Version), Body: me}, nil
}

// list shows an absent list as an empty one.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

func (s *Server) changeMe(ctx context.Context, in *mePatchInput) (*meOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	err = s.store.UpdateOwnProfile(ctx, version, func(u *models.User) error {
		in.Body.Name.apply(&u.Name)
		in.Body.Locale.apply(&u.Locale)
		in.Body.TimeZone.apply(&u.TimeZone)
		return u.Validate()
	})
	if err != nil {
		return nil, err
	}
	return s.readMe(ctx)
}

// changeMyPassword counts wrong passwords like failed sign-ins: a stolen access token must not serve to guess. A repeat under the
// same Idempotency-Key is known by the password that it set.
func (s *Server) changeMyPassword(ctx context.Context, in *struct{ Body PasswordBody }) (*struct{}, error) {
	actor, err := person(ctx)
	if err != nil {
		return nil, err
	}
	account := actor.UserID.String()
	if wait := s.throttle.Take(account, account); wait > 0 {
		return nil, &models.Error{Code: models.CodeRateLimited, Detail: "Too many wrong passwords: try again later.", RetryAfter: wait}
	}
	repeated, err := s.store.OwnPasswordWasSet(ctx)
	if err != nil {
		return nil, err
	}
	stored, err := s.store.PasswordHash(ctx)
	if err != nil {
		return nil, err
	}
	given := in.Body.CurrentPassword
	if repeated {
		given = in.Body.NewPassword
	}
	match, err := s.passwords.Verify(ctx, stored, given)
	switch {
	case err != nil:
		return nil, err
	case !match && repeated:
		return nil, &models.Error{Code: models.CodeKeyReused, Detail: "This Idempotency-Key has set another password, or it was replaced since."}
	case !match:
		return nil, models.InvalidField("/current_password", "wrong", "This is not your password.")
	}
	s.throttle.Succeeded(account, account)
	if repeated {
		return nil, nil
	}
	return nil, s.setMyPassword(ctx, in.Body.NewPassword)
}

func (s *Server) setMyPassword(ctx context.Context, password string) error {
	actor, _ := models.ActorFrom(ctx)
	u, err := s.store.User(ctx, actor.UserID)
	if err != nil {
		return err
	}
	hash, err := s.newPassword(ctx, "/new_password", password, u.Email)
	if err != nil {
		return err
	}
	return s.store.SetOwnPassword(withoutSecrets(ctx, PasswordBody{}), hash)
}

// newPassword checks a password against the policy and hashes it.
func (s *Server) newPassword(ctx context.Context, pointer, password, email string) (string, error) {
	var faults models.Faults
	faults.CheckPassword(pointer, password, email)
	if err := faults.Err(); err != nil {
		return "", err
	}
	return s.passwords.Hash(ctx, password)
}

// withoutSecrets keys a repeatable request by the hash of its body less the password: a fast hash of a body that holds one
// must not be stored.
func withoutSecrets(ctx context.Context, body any) context.Context {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // a body that was decoded from JSON
	}
	hash := sha256.Sum256(text)
	key := models.CommandKeyFrom(ctx)
	key.Hash = hash[:]
	return models.WithCommandKey(ctx, key)
}
