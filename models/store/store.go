package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// appRole is the database role that all work is done as: no owner, no superuser, behind row-level security.
const appRole = "mainstay_app"

// Options say how to reach the database.
type Options struct {
	URL      string          // postgres://...; the login must be a member of mainstay_app
	MaxConns int             // of each door; 0 means 16
	Tracer   pgx.QueryTracer // nil means none
}

// Store is the application's database. It is safe for concurrent use.
type Store struct {
	pool *pgxpool.Pool // the read door
	sql  *sql.DB       // below the write door
	gorm *gorm.DB

	movements movementQueue
}

// Open connects to the database. It does not migrate it.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.MaxConns == 0 {
		o.MaxConns = 16
	}
	cfg, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("store: the database URL cannot be read: %w", err)
	}
	cfg.MaxConns = int32(o.MaxConns) //nolint:gosec // a connection count
	cfg.ConnConfig.RuntimeParams["role"] = appRole
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.ConnConfig.RuntimeParams["application_name"] = "mainstay"
	cfg.ConnConfig.Tracer = o.Tracer
	cfg.AfterConnect = speakUUID
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	db := sql.OpenDB(newConnector(cfg.ConnConfig.Copy()))
	db.SetMaxOpenConns(o.MaxConns)
	db.SetMaxIdleConns(o.MaxConns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         false, // translate reads the constraint's name, which GORM's translation drops
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard,
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("store: %w", err)
	}
	return &Store{pool: pool, sql: db, gorm: g}, nil
}

// Close ends all connections.
func (s *Store) Close() error {
	s.pool.Close()
	return s.sql.Close()
}

// Ping says whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.pool.Ping(ctx) }

// WritePool gives the write door's pool, for its statistics.
func (s *Store) WritePool() *sql.DB { return s.sql }

// PoolStat gives the read door's statistics.
func (s *Store) PoolStat() *pgxpool.Stat { return s.pool.Stat() }
