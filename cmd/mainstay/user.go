package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/google/uuid"

	"mainstay/internal/auth"
	"mainstay/internal/config"
	"mainstay/models"
	"mainstay/models/store"
)

// userPasswordVariable holds a password for `user create` and `user password`; with _FILE behind it, the file that does.
const userPasswordVariable = "MAINSTAY_USER_PASSWORD" //nolint:gosec // a name, no secret

type userCommand struct {
	Create   userCreateCommand   `cmd:"" help:"Add a user, and with --tenant-name the tenant too."`
	Password userPasswordCommand `cmd:"" help:"Set a user's password; the user's sessions end."`
}

// userAccount names an account and where its new password comes from.
type userAccount struct {
	Tenant       string `default:"main" help:"Code of the tenant."`
	Email        string `required:"" help:"E-mail address the user signs in with."`
	PasswordFile string `placeholder:"FILE" help:"File that holds the password; - is standard input."`
	Output       string `default:"text" enum:"text,json" help:"How the outcome is printed: text or json."`
}

const passwordHelp = "The password comes from --password-file, else from " + userPasswordVariable + " or the file that " +
	userPasswordVariable + "_FILE names, else it is drawn at random and printed once. "

type userCreateCommand struct {
	userAccount
	Name       string        `help:"Name of the user; the e-mail address where unset."`
	Roles      []models.Role `default:"admin" help:"Roles, separated by commas."`
	IfMissing  bool          `help:"Leave a user who is there already as he is, and succeed."`
	TenantName string        `help:"Name of the tenant, which is created where there is none with this code."`
	Currency   string        `default:"EUR" help:"Currency of a new tenant (ISO 4217)."`
	TimeZone   string        `default:"UTC" help:"IANA time zone of a new tenant."`
}

// Help implements kong.HelpProvider.
func (userCreateCommand) Help() string {
	return passwordHelp + "Exit codes: 0 done, 1 the user is there already, 2 the input breaks a rule, 3 the database is away."
}

// Run adds the user.
func (c *userCreateCommand) Run(ctx context.Context) error {
	accounts, err := openAccounts(ctx)
	if err != nil {
		return err
	}
	defer accounts.close()
	known, err := accounts.store.LoginCandidates(ctx, models.NormalizeEmail(c.Email), c.Tenant)
	if err != nil {
		return commandError(err)
	}
	if len(known) > 0 {
		if !c.IfMissing {
			return fmt.Errorf("there is a user %s in tenant %s already", c.Email, c.Tenant)
		}
		return c.print(os.Stdout, outcome{TenantID: known[0].TenantID, UserID: known[0].UserID})
	}
	password, drawn, err := c.password(os.Stdin)
	if err != nil {
		return err
	}
	made, err := accounts.create(ctx, c.newTenant(password))
	if err != nil {
		return commandError(err)
	}
	made.Created = true
	if drawn {
		made.Password = password
	}
	return c.print(os.Stdout, made)
}

func (c *userCreateCommand) newTenant(password string) models.NewTenant {
	name := c.Name
	if name == "" {
		name = c.Email
	}
	return models.NewTenant{
		Code: c.Tenant, Name: c.TenantName, Currency: c.Currency, TimeZone: c.TimeZone,
		Admin: models.NewUser{Email: c.Email, Name: name, Password: password, Roles: c.Roles},
	}
}

type userPasswordCommand struct {
	userAccount
}

// Help implements kong.HelpProvider.
func (userPasswordCommand) Help() string {
	return passwordHelp + "Exit codes: 0 done, 1 there is no such user, 2 the password breaks a rule, 3 the database is away."
}

// Run sets the password.
func (c *userPasswordCommand) Run(ctx context.Context) error {
	accounts, err := openAccounts(ctx)
	if err != nil {
		return err
	}
	defer accounts.close()
	email := models.NormalizeEmail(c.Email)
	known, err := accounts.store.LoginCandidates(ctx, email, c.Tenant)
	if err != nil {
		return commandError(err)
	}
	if len(known) == 0 {
		return fmt.Errorf("there is no user %s in tenant %s", c.Email, c.Tenant)
	}
	password, drawn, err := c.password(os.Stdin)
	if err != nil {
		return err
	}
	var faults models.Faults
	faults.CheckPassword("/password", password, email)
	if err := faults.Err(); err != nil {
		return commandError(err)
	}
	hash, err := accounts.passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	account := known[0]
	ctx = models.WithActor(ctx, models.SystemActor(account.TenantID))
	if err := accounts.store.ResetPassword(ctx, account.UserID, hash); err != nil {
		return commandError(err)
	}
	done := outcome{TenantID: account.TenantID, UserID: account.UserID}
	if drawn {
		done.Password = password
	}
	return c.print(os.Stdout, done)
}

// outcome is what both commands print. Password is there only where it was drawn.
type outcome struct {
	TenantID uuid.UUID `json:"tenant_id"`
	UserID   uuid.UUID `json:"user_id"`
	Created  bool      `json:"created"`
	Password string    `json:"password,omitempty"`
}

func (a *userAccount) print(w io.Writer, o outcome) error {
	if a.Output == "json" {
		return json.NewEncoder(w).Encode(o) //nolint:gosec // a made-up password is shown once, to whom asked for it
	}
	state := "is there"
	if o.Created {
		state = "created"
	}
	fmt.Fprintf(w, "user %s in tenant %s: %s\n", a.Email, a.Tenant, state)
	if o.Password != "" {
		fmt.Fprintf(w, "password: %s\n", o.Password)
	}
	return nil
}

// password finds the new password; drawn says that nobody knows it yet.
func (a *userAccount) password(stdin io.Reader) (password string, drawn bool, err error) {
	file := a.PasswordFile
	if file == "" {
		if text := os.Getenv(userPasswordVariable); text != "" {
			return text, false, nil
		}
		file = os.Getenv(userPasswordVariable + "_FILE")
	}
	var text []byte
	switch file {
	case "":
		return rand.Text(), true, nil
	case "-":
		text, err = io.ReadAll(io.LimitReader(stdin, models.MaxPasswordBytes+2))
	default:
		text, err = os.ReadFile(file) //nolint:gosec // the operator names the file
	}
	if err != nil {
		return "", false, &exitError{exitUsage, err}
	}
	return strings.TrimRight(string(text), "\r\n"), false, nil
}

// accounts is what the commands on users stand on.
type accounts struct {
	store     *store.Store
	passwords *auth.Passwords
}

func openAccounts(ctx context.Context) (*accounts, error) {
	cfg, err := config.Load(os.LookupEnv)
	if err == nil {
		err = cfg.Require("MAINSTAY_DATABASE_URL")
	}
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	return newAccounts(ctx, cfg.DatabaseURL)
}

func newAccounts(ctx context.Context, address config.Secret) (*accounts, error) {
	s, err := store.Open(ctx, store.Options{URL: address.Reveal(), MaxConns: 2})
	if err != nil {
		return nil, &exitError{exitDependency, err}
	}
	return &accounts{store: s, passwords: auth.NewPasswords(1)}, nil
}

func (a *accounts) close() { _ = a.store.Close() }

// create adds n.Admin to the tenant with n's code, and the tenant where there is none and n has a name for it.
func (a *accounts) create(ctx context.Context, n models.NewTenant) (outcome, error) {
	n.Normalize()
	tenant, found, err := a.store.TenantByCode(ctx, n.Code)
	if err != nil {
		return outcome{}, err
	}
	switch {
	case found:
		err = n.Admin.Validate()
	case n.Name == "":
		err = models.InvalidField("--tenant", "not_found", "There is no tenant %s; give --tenant-name to create it.", n.Code)
	default:
		err = n.Validate()
	}
	if err != nil {
		return outcome{}, err
	}
	hash, err := a.passwords.Hash(ctx, n.Admin.Password)
	if err != nil {
		return outcome{}, err
	}
	ctx = models.WithCommandKey(ctx, models.CommandKey{ID: models.NewID()})
	if !found {
		id, admin, err := a.store.CreateTenant(ctx, n, hash)
		return outcome{TenantID: id, UserID: admin}, err
	}
	id, err := a.store.CreateUser(models.WithActor(ctx, models.SystemActor(tenant)), n.Admin, hash)
	return outcome{TenantID: tenant, UserID: id}, err
}

// bootstrap gives an installation without any tenant the tenant `main`, whose administrator also operates the platform. Without
// a password in the settings it does nothing, and in demo mode the demo company takes its place.
func bootstrap(ctx context.Context, cfg config.Config, address config.Secret) error {
	if cfg.Demo || cfg.AdminPassword.Reveal() == "" {
		return nil
	}
	accounts, err := newAccounts(ctx, address)
	if err != nil {
		return err
	}
	defer accounts.close()
	tenants, err := accounts.store.TenantIDs(ctx)
	if err != nil || len(tenants) > 0 {
		return err
	}
	_, err = accounts.create(ctx, models.NewTenant{
		Code: "main", Name: "Main", Currency: "EUR", TimeZone: "Europe/Berlin",
		Admin: models.NewUser{
			Email: cfg.AdminEmail, Name: "Administrator", Password: cfg.AdminPassword.Reveal(),
			Roles: []models.Role{models.RoleAdmin, models.RolePlatformOperator},
		},
	})
	if models.ErrorCode(err) == models.CodeConflict {
		return nil // another migration was faster
	}
	if err != nil {
		return commandError(err)
	}
	fmt.Printf("tenant main: created with the administrator %s\n", cfg.AdminEmail)
	return nil
}

// commandError gives an error of the layers below its exit code.
func commandError(err error) error {
	code := models.ErrorCode(err)
	if code == models.CodeInvalid {
		return &exitError{exitUsage, plainError(err)}
	}
	if code == models.CodeUnavailable {
		return &exitError{exitDependency, errors.New("the database is away")}
	}
	return plainError(err)
}

// plainError says what a person can mend, without codes and pointers of request bodies.
func plainError(err error) error {
	known := models.AsError(err)
	if known == nil || len(known.Fields) == 0 {
		return err
	}
	lines := make([]string, len(known.Fields))
	for i, f := range known.Fields {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(f.Pointer, "/admin"), "/") + ": " + f.Detail
	}
	return errors.New(strings.Join(lines, "\n"))
}
