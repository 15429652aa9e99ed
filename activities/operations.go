package activities

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"

	"mainstay/internal/blob"
	"mainstay/internal/config"
	"mainstay/internal/pgbackrest"
	"mainstay/internal/postgres"
	"mainstay/models"
	"mainstay/models/store"
)

// Operations makes backups, proves them and lets old ones go.
type Operations struct {
	Store *store.Store
	Blob  *blob.Store
	// DatabaseURL is the login that reads every row; RecoveryKey seals and opens. Without them backups fail and drills are inconclusive.
	DatabaseURL config.Secret
	RecoveryKey config.Secret
	Retention   models.RetentionPolicy
	// PgBackRest makes physical backups and reads the WAL archive; nil where there are none.
	PgBackRest *pgbackrest.Client
	// Archive is the bucket with object lock, nil where none is set; ArchiveFor is how long what comes into it is locked.
	Archive    *blob.Store
	ArchiveFor time.Duration
	// OrphansAfter is how old a stored object must be of which no row knows before it is removed.
	OrphansAfter time.Duration
	// AuditKeys know whose checkpoints of a restored audit log count; without any none is looked at.
	AuditKeys models.AuditKeys
	// Version of the release, the Image that it runs in, the hash of the frontend's lock file, Settings without secrets and Paths of manifests
	// and logs go along with each dump.
	Version, Image string
	WebLockFile    []byte
	Settings       string
	Paths          []string
	// API serves the rows of a store as the API does; a drill signs in over it.
	API func(*store.Store) (http.Handler, error)
	// ScratchDir is where drills keep their server while they run.
	ScratchDir string
}

// operationTries is how often a backup or drill is tried before its row says that it cannot be done.
const operationTries = 4

const (
	heartbeatEvery = 5 * time.Second
	livesEvery     = time.Minute
	lockEvery      = 2 * time.Second
)

// key reads the recovery key.
func (o *Operations) key() (postgres.RecoveryKey, error) {
	if o.RecoveryKey == "" {
		return postgres.RecoveryKey{}, models.Conflict("The worker has no recovery key: set MAINSTAY_RECOVERY_KEY_FILE.")
	}
	return postgres.ParseRecoveryKey(o.RecoveryKey.Reveal())
}

// physical returns what drives pgBackRest.
func (o *Operations) physical() (*pgbackrest.Client, error) {
	if o.PgBackRest == nil {
		return nil, models.Conflict("The worker has no physical backups and no WAL archive: run `%s` where the database is and start the stack again, "+
			"or set MAINSTAY_PGBACKREST_CONFIG.", pgbackrest.Install)
	}
	return o.PgBackRest, nil
}

// operationState is what a process knows of an operation: until it is over its one step is to carry it out.
func operationState(o *models.Operation, over bool, status string) ProcessState {
	s := ProcessState{Exists: true, Over: over, Status: status, Version: o.Version}
	if !over {
		s.Action, s.NextAt = store.ActionCarryOut, o.UpdatedAt
	}
	return s
}

// operationStep is what carrying a kind of operation out takes.
type operationStep[T any] struct {
	load  func(context.Context, uuid.UUID) (*T, error)
	lives func(context.Context, uuid.UUID) error
	state func(T) ProcessState
	// do takes the row to its end; fail ends it with what went wrong.
	do   func(context.Context, T) (T, error)
	fail func(ctx context.Context, failure string) (T, error)
}

// carryOut does the step under the cluster's mutex. A row that is over is left alone; what can never succeed, or did not in several tries,
// fails it.
func carryOut[T any](ctx context.Context, o *Operations, in ActionInput, step operationStep[T]) (ProcessState, error) {
	scoped := in.context(ctx)
	row, err := step.load(scoped, in.ID)
	if err != nil || row == nil {
		return ProcessState{}, failed(err)
	}
	if s := step.state(*row); s.Over {
		return s, nil
	}
	var done T
	err = o.alone(scoped, in.ID, step.lives, func(ctx context.Context) (err error) {
		done, err = step.do(ctx, *row)
		return err
	})
	if err != nil && givesUp(ctx, err) {
		done, err = step.fail(scoped, words(err))
	}
	if err != nil {
		return ProcessState{}, failed(err)
	}
	return step.state(done), nil
}

// alone runs do under the cluster's mutex, waiting for it, and heartbeats meanwhile; lives keeps the sweeper off.
func (o *Operations) alone(ctx context.Context, id uuid.UUID, lives func(context.Context, uuid.UUID) error, do func(context.Context) error) error {
	stop, stopped := make(chan struct{}), make(chan struct{})
	defer func() { close(stop); <-stopped }()
	go func() {
		defer close(stopped)
		beat(ctx, stop, id, lives)
	}()
	for {
		unlock, locked, err := o.Store.LockCluster(ctx)
		if err != nil {
			return err
		}
		if locked {
			err := do(ctx)
			unlock()
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lockEvery):
		}
	}
}

// beat heartbeats until stop is closed, with the activity's own context: the SDK takes the end of another for the activity's.
func beat(ctx context.Context, stop <-chan struct{}, id uuid.UUID, lives func(context.Context, uuid.UUID) error) {
	lived := time.Now()
	for {
		activity.RecordHeartbeat(ctx)
		if time.Since(lived) > livesEvery {
			if err := lives(ctx, id); err != nil && ctx.Err() == nil {
				activity.GetLogger(ctx).Warn("the row was not touched", "error", err)
			}
			lived = time.Now()
		}
		select {
		case <-ctx.Done():
			return
		case <-stop:
			return
		case <-time.After(heartbeatEvery):
		}
	}
}

// givesUp reports whether an error is to end in the row, not in another try.
func givesUp(ctx context.Context, err error) bool {
	if ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return false
	}
	return !models.ErrorCode(err).Passing() || activity.GetInfo(ctx).Attempt >= operationTries
}

// words is an error as a platform operator reads it.
func words(err error) string {
	const limit = 1000
	text := err.Error()
	if known := models.AsError(err); known != nil && known.Detail != "" && !known.Code.Passing() {
		text = known.Detail
	}
	text = strings.ToValidUTF8(text[:min(len(text), limit)], "") // the cut may go through a letter, which the database refuses
	return strings.Map(func(r rune) rune {                       // as it does what a wrong key opens
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
}
