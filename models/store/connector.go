package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"mainstay/models"
)

var (
	errNoScope     = errors.New("store: no actor in the context: nothing is read or written without a tenant")
	errNoTx        = errors.New("store: statement outside a transaction")
	errOtherTenant = errors.New("store: statement under another tenant than its transaction's")
)

// connector opens connections whose BEGIN carries the tenant's scope and which refuse every statement without one.
type connector struct{ inner driver.Connector }

func newConnector(cfg *pgx.ConnConfig) driver.Connector {
	return &connector{inner: stdlib.GetConnector(*cfg)}
}

// Connect implements driver.Connector.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.inner.Connect(ctx)
	if err != nil {
		return nil, err
	}
	std, ok := conn.(*stdlib.Conn)
	if !ok {
		return nil, fmt.Errorf("store: unexpected connection %T", conn)
	}
	return &tenantConn{Conn: std}, nil
}

// Driver implements driver.Connector.
func (c *connector) Driver() driver.Driver { return c.inner.Driver() }

// tenantConn is a connection behind the tenant wall. tenant is uuid.Nil outside a transaction.
type tenantConn struct {
	*stdlib.Conn
	tenant uuid.UUID
}

// BeginTx sends BEGIN and the scope in one message. The id is a parsed UUID, so its text cannot carry SQL.
func (c *tenantConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	actor, ok := models.ActorFrom(ctx)
	if !ok || actor.TenantID == uuid.Nil {
		return nil, errNoScope
	}
	begin := "begin; set local app.tenant_id = '" + actor.TenantID.String() + "'"
	if o.ReadOnly {
		begin = "begin read only; set local app.tenant_id = '" + actor.TenantID.String() + "'"
	}
	tx, err := c.Conn.Conn().BeginTx(ctx, pgx.TxOptions{BeginQuery: begin})
	if err != nil {
		return nil, err
	}
	c.tenant = actor.TenantID
	return &tenantTx{conn: c, ctx: ctx, tx: tx}, nil
}

// Begin implements driver.Conn; the database/sql package always calls BeginTx.
func (c *tenantConn) Begin() (driver.Tx, error) { return nil, errNoScope }

// QueryContext implements driver.QueryerContext.
func (c *tenantConn) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.inScope(ctx); err != nil {
		return nil, err
	}
	return c.Conn.QueryContext(ctx, q, args)
}

// ExecContext implements driver.ExecerContext.
func (c *tenantConn) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.inScope(ctx); err != nil {
		return nil, err
	}
	return c.Conn.ExecContext(ctx, q, args)
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *tenantConn) PrepareContext(ctx context.Context, q string) (driver.Stmt, error) {
	if err := c.inScope(ctx); err != nil {
		return nil, err
	}
	return c.Conn.PrepareContext(ctx, q)
}

func (c *tenantConn) inScope(ctx context.Context) error {
	actor, ok := models.ActorFrom(ctx)
	switch {
	case !ok || actor.TenantID == uuid.Nil:
		return errNoScope
	case c.tenant == uuid.Nil:
		return errNoTx
	case c.tenant != actor.TenantID:
		return errOtherTenant
	}
	return nil
}

type tenantTx struct {
	conn *tenantConn
	ctx  context.Context //nolint:containedctx // driver.Tx has no context of its own; stdlib does the same
	tx   pgx.Tx
}

// Commit implements driver.Tx.
func (t *tenantTx) Commit() error {
	t.conn.tenant = uuid.Nil
	return t.tx.Commit(t.ctx)
}

// Rollback implements driver.Tx. It works on after the context is done, so that the connection can be used again.
func (t *tenantTx) Rollback() error {
	t.conn.tenant = uuid.Nil
	return t.tx.Rollback(context.WithoutCancel(t.ctx))
}
