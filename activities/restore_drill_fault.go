package activities

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"mainstay/internal/pgbackrest"
	"mainstay/internal/postgres"
	"mainstay/models"
)

// spoiltDir takes the private copy that a drill reads in place of what is stored.
func (d *drill) spoiltDir() string {
	return filepath.Join(d.operations.ScratchDir, "mainstay-drill-"+d.id.String()+"-spoilt")
}

// judgeFault notes whether what was spoilt was found, which decides what such a drill is worth.
func (d *drill) judgeFault() (found *bool) {
	if d.fault == models.DrillNoFault {
		return nil
	}
	e := &models.FaultEvidence{Spoilt: d.spoilt, Expected: d.fault.RedCheck(d.source)}
	found = e.Found(d.checks)
	d.evidence.Fault = e
	other := d.otherReason(e.Red)
	if found != nil && *found && other != "" {
		*found = false
	}
	switch {
	case found == nil:
		d.note("fault", models.DrillInconclusive, "It did not come to it.")
	case *found:
		d.note("fault", models.DrillPass, "Detected: %s, and the check %s went red for it.", e.Spoilt, e.Red)
	case e.Spoilt == "":
		d.note("fault", models.DrillFail, "Not tried: the check %s went red before anything was spoilt.", e.Red)
	case e.Red == "":
		d.note("fault", models.DrillFail, "Not detected: %s, and the check %s did not go red for it.", e.Spoilt, e.Expected)
	case e.Red == e.Expected:
		d.note("fault", models.DrillFail, "Not detected: %s, and the check %s went red for another reason: %s", e.Spoilt, e.Red, other)
	default:
		d.note("fault", models.DrillFail, "Not detected: %s, and the check %s went red, not %s.", e.Spoilt, e.Red, e.Expected)
	}
	return found
}

// otherReason is what the check says that went red first, where that does not tell of what was spoilt.
func (d *drill) otherReason(red string) string {
	for _, c := range d.checks {
		if c.Name == red && c.Verdict == models.DrillFail && d.shows != nil && !d.shows.MatchString(c.Detail) {
			return c.Detail
		}
	}
	return ""
}

// read lets the drill read the repository through another client. Others keep theirs.
func (d *drill) read(view *pgbackrest.Client, spoilt string) {
	own := *d.operations
	own.PgBackRest = view
	d.operations, d.spoilt = &own, spoilt
}

// openWithWrongKey opens the repository, which the right key has just opened.
func (d *drill) openWithWrongKey(ctx context.Context) error {
	d.read(d.operations.PgBackRest.WithKey(rand.Text()), "the repository was opened with another key")
	switch _, err := d.operations.openArchive(ctx); {
	case pgbackrest.IsAway(err) || ctx.Err() != nil:
		return err
	case err != nil:
		d.note("repository", models.DrillFail, "%s", words(err))
	default:
		d.note("repository", models.DrillPass, "It opens, whatever the key.")
	}
	return nil
}

// spoilSegment spoils a WAL segment that the replay cannot do without. Where one is missing already, that is what the drill is to tell.
func (d *drill) spoilSegment(ctx context.Context, a archive, from pgbackrest.Backup, target models.WALTarget) (archive, error) {
	if d.fault != models.DrillMissingSegment && d.fault != models.DrillFlippedByte {
		return a, nil
	}
	missing, err := a.missing(from.StartSegment, target.Next.Segment)
	if err != nil || len(missing) > 0 {
		return a, err
	}
	needed := slices.DeleteFunc(slices.Clone(a.segments), func(s pgbackrest.Segment) bool {
		return s.Name < from.StartSegment || s.Name > target.Next.Segment
	})
	if len(needed) == 0 {
		return a, fmt.Errorf("no WAL segment lies between %s and %s", from.StartSegment, target.Next.Segment)
	}
	if err := os.RemoveAll(d.spoiltDir()); err != nil { // of a worker that died
		return a, err
	}
	client := d.operations.PgBackRest
	if d.fault == models.DrillMissingSegment {
		s := needed[len(needed)/2]
		view, err := client.WithoutSegment(ctx, s, d.spoiltDir())
		if err != nil {
			return a, err
		}
		d.read(view, "the WAL segment "+s.Name+" was missing")
		d.shows = regexp.MustCompile(s.Name)
		return d.operations.openArchive(ctx)
	}
	s := needed[0] // the replay needs all of it: the backup began with it and ended in it or behind it
	view, at, err := client.WithFlippedByte(ctx, s, d.spoiltDir())
	if errors.Is(err, pgbackrest.ErrDamaged) {
		d.note("archive", models.DrillFail, "%s", words(err))
		return a, nil
	}
	if err != nil {
		return a, err
	}
	// pgBackRest finds that it cannot be read, or PostgreSQL that a record in it is none.
	d.shows = regexp.MustCompile(s.Name + "|before configured recovery target|checkpoint record|WAL ends before")
	d.read(view, fmt.Sprintf("the byte %d of the stored WAL segment %s was another", at, s.Name))
	return a, nil
}

// fetchObject fetches a dump, with what the drill spoils of it. What is stored is summed up too: an object that is damaged as it is shows
// nothing.
func (d *drill) fetchObject(ctx context.Context, key postgres.RecoveryKey, m models.BackupManifest, to io.Writer) ([]models.DrillCheck, error) {
	if d.fault == models.DrillNoFault {
		return key.Fetch(ctx, d.operations.Blob, m, to)
	}
	var object *spoiltReader
	if d.fault == models.DrillWrongKey {
		var err error
		if key, err = postgres.NewRecoveryKey(); err != nil {
			return nil, err
		}
	}
	checks, err := key.FetchThrough(ctx, d.operations.Blob, m, func(stored io.Reader) io.Reader {
		object = newSpoiltReader(stored, d.fault, m.SizeBytes/2)
		return object
	}, to)
	if err != nil || object == nil || object.sum() != m.SHA256 {
		return checks, err
	}
	switch d.fault {
	case models.DrillFlippedByte:
		d.spoilt = fmt.Sprintf("the byte %d of the dump was another", object.at)
	case models.DrillTruncatedDump:
		d.spoilt = fmt.Sprintf("the dump ended behind %d of its %d bytes", object.at, m.SizeBytes)
	case models.DrillWrongKey:
		d.spoilt = "the dump was opened with another key"
	case models.DrillNoFault, models.DrillMissingSegment:
	}
	return checks, nil
}

// spoiltReader passes a stored object on with a fault and sums up what is stored.
type spoiltReader struct {
	from  io.Reader
	hash  hash.Hash
	fault models.DrillFault
	at    int64 // the byte that is another, or the first that is not there
	read  int64
}

func newSpoiltReader(stored io.Reader, fault models.DrillFault, at int64) *spoiltReader {
	sum := sha256.New()
	return &spoiltReader{from: io.TeeReader(stored, sum), hash: sum, fault: fault, at: at}
}

func (r *spoiltReader) sum() string { return hex.EncodeToString(r.hash.Sum(nil)) }

// Read implements [io.Reader].
func (r *spoiltReader) Read(p []byte) (int, error) {
	if r.fault == models.DrillTruncatedDump {
		if r.read == r.at {
			if _, err := io.Copy(io.Discard, r.from); err != nil {
				return 0, err
			}
			return 0, io.EOF
		}
		p = p[:min(int64(len(p)), r.at-r.read)]
	}
	n, err := r.from.Read(p)
	if at := r.at - r.read; r.fault == models.DrillFlippedByte && at >= 0 && at < int64(n) {
		p[at] ^= 1
	}
	r.read += int64(n)
	return n, err
}
