package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
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
	return &connector{inner: stdlib.GetConnector(*cfg, stdlib.OptionAfterConnect(speakUUID))}
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

// tenantConn is a connection behind the tenant wall. A transaction begins with its first statement: BEGIN and the scope travel in
// its message, as COMMIT travels with the last one.
type tenantConn struct {
	*stdlib.Conn
	tenant uuid.UUID // uuid.Nil outside a transaction
	begun  bool      // BEGIN was sent
}

// BeginTx opens a transaction of the actor's tenant. Nothing is sent yet.
func (c *tenantConn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	actor, ok := models.ActorFrom(ctx)
	if !ok || actor.TenantID == uuid.Nil {
		return nil, errNoScope
	}
	c.tenant, c.begun = actor.TenantID, false
	return &tenantTx{conn: c, ctx: ctx}, nil
}

// Begin implements driver.Conn; the database/sql package always calls BeginTx.
func (c *tenantConn) Begin() (driver.Tx, error) { return nil, errNoScope }

// begin sends BEGIN and the scope in one message, unless they were sent. The id is a parsed UUID, so its text cannot carry SQL.
func (c *tenantConn) begin(ctx context.Context) error {
	if err := c.inScope(ctx); err != nil || c.begun {
		return err
	}
	c.begun = true
	_, err := c.Conn.Conn().Exec(ctx, "begin; set local app.tenant_id = '"+c.tenant.String()+"'")
	return err
}

// send runs a batch in the transaction, beginning it where it has not begun: one round trip.
func (c *tenantConn) send(ctx context.Context, batch *pgx.Batch) error {
	if err := c.inScope(ctx); err != nil {
		return err
	}
	whole := &pgx.Batch{}
	if !c.begun {
		c.begun = true
		whole.Queue("begin")
		whole.Queue(setScope, c.tenant.String())
	}
	whole.QueuedQueries = append(whole.QueuedQueries, batch.QueuedQueries...)
	return c.Conn.Conn().SendBatch(ctx, whole).Close()
}

// commit sends the transaction's last statements and COMMIT in one message.
func (c *tenantConn) commit(ctx context.Context, last *pgx.Batch) error {
	if !c.begun && last.Len() == 0 {
		return nil
	}
	last.Queue("commit").Exec(func(done pgconn.CommandTag) error {
		if done.String() == "ROLLBACK" {
			return pgx.ErrTxCommitRollback
		}
		return nil
	})
	if err := c.send(ctx, last); err != nil {
		return err
	}
	c.begun = false
	return nil
}

// rollback leaves the connection outside any transaction; it works on after ctx is done, so that the connection can be used again.
func (c *tenantConn) rollback(ctx context.Context) error {
	conn := c.Conn.Conn()
	if conn.IsClosed() || conn.PgConn().TxStatus() == 'I' {
		return nil
	}
	_, err := conn.Exec(context.WithoutCancel(ctx), "rollback")
	return err
}

// QueryContext implements driver.QueryerContext.
func (c *tenantConn) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.begin(ctx); err != nil {
		return nil, err
	}
	return c.Conn.QueryContext(ctx, q, args)
}

// ExecContext implements driver.ExecerContext.
func (c *tenantConn) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.begin(ctx); err != nil {
		return nil, err
	}
	return c.Conn.ExecContext(ctx, q, args)
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *tenantConn) PrepareContext(ctx context.Context, q string) (driver.Stmt, error) {
	if err := c.begin(ctx); err != nil {
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
}

// Commit implements driver.Tx. A transaction that committed with its last statements, or never began, has nothing left to do.
func (t *tenantTx) Commit() error {
	err := t.conn.commit(t.ctx, &pgx.Batch{})
	return errors.Join(err, t.end())
}

// Rollback implements driver.Tx.
func (t *tenantTx) Rollback() error { return t.end() }

func (t *tenantTx) end() error {
	t.conn.tenant, t.conn.begun = uuid.Nil, false
	return t.conn.rollback(t.ctx)
}
